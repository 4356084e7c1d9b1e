'use client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { analyzeConfig, checkTemplates, type AnalyzedConfig } from '@/core/templates';
import type {
  ConfigFormat,
  ConfigProblem,
  ConfigSource,
  Placeholder,
  ResourceId,
  TemplateVariables,
} from '@/core/wire';
import { convertConfig } from '../editor/convert';
import { toTileForm, toVariable, type TileForm } from './tile-form';

/** How long nothing must be typed before the text is parsed, milliseconds. */
const PARSE_DELAY_MS = 300;

/** A tile of the page: settings, where its variable stands, what is wrong. */
export interface Tile {
  name: string;
  form: TileForm;
  errors: Partial<Record<keyof TileForm, string>>;
  /** What `core/templates` says of the tile. */
  problems: string[];
  uses: Placeholder[];
  /** The variable is no longer in the text: the settings are kept until the configuration is saved. */
  removed: boolean;
}

export interface ConfigDraft {
  resource: ResourceId;
  format: ConfigFormat;
  source: string;
  setSource: (source: string) => void;
  /** Says why it cannot, when the text cannot be read. */
  setFormat: (format: ConfigFormat) => string | undefined;
  /** Another text altogether: an example, another version. */
  replace: (config: ConfigSource, templates: TemplateVariables) => void;
  tiles: Tile[];
  setTile: (name: string, form: TileForm) => void;
  /** Parses now, without waiting; gives what would be saved. */
  parse: () => { config: ConfigSource; templates: TemplateVariables; problems: ConfigProblem[] };
  analysis: AnalyzedConfig;
  problems: ConfigProblem[];
  /** Variables that would be saved. */
  templates: TemplateVariables;
  /** Texts in tiles that are no numbers. */
  tileErrors: number;
}

type Forms = Record<string, TileForm>;
const formsOf = (templates: TemplateVariables): Forms =>
  Object.fromEntries(Object.entries(templates).map(([name, variable]) => [name, toTileForm(variable)]));
const variablesOf = (forms: Forms): TemplateVariables =>
  Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, toVariable(form).variable]));

/** A configuration that is being edited: text and tiles, parsed 300 ms after the last keystroke by the rules that the server uses. */
export function useConfigDraft(
  resource: ResourceId,
  initial: ConfigSource,
  initialTemplates: TemplateVariables,
): ConfigDraft {
  const [config, setConfig] = useState(initial);
  const [forms, setForms] = useState<Forms>(() => formsOf(initialTemplates));
  const analyze = useCallback(
    (text: ConfigSource, kept: Forms) =>
      analyzeConfig({ resource, format: text.format, source: text.source, templates: variablesOf(kept) }),
    [resource],
  );
  const [analysis, setAnalysis] = useState(() => analyze(initial, formsOf(initialTemplates)));
  const other = useRef<Partial<Record<ConfigFormat, string>>>({});

  const accept = useCallback(
    (text: ConfigSource, kept: Forms) => {
      const next = analyze(text, kept);
      setAnalysis(next);
      setForms((before) => ({
        ...formsOf(pick(next.templates, (name) => !Object.hasOwn(before, name))),
        ...before,
      }));
      return next;
    },
    [analyze],
  );

  const parsedText = useRef(initial);
  const parsedFor = useRef(resource);
  useEffect(() => {
    if (parsedText.current === config && parsedFor.current === resource) return;
    const timer = setTimeout(() => {
      parsedText.current = config;
      parsedFor.current = resource;
      accept(config, forms);
    }, PARSE_DELAY_MS);
    return () => clearTimeout(timer);
  }, [config, forms, accept, resource]);

  const { tiles, templates, problems } = useMemo(() => view(analysis, forms), [analysis, forms]);

  return {
    resource,
    format: config.format,
    source: config.source,
    setSource: (source) => setConfig((before) => (before.source === source ? before : { ...before, source })),
    setFormat: (format) => {
      const converted = convertConfig({
        resource,
        from: config.format,
        to: format,
        source: config.source,
        before: other.current[format],
      });
      if (!converted.ok) return converted.message;
      other.current[config.format] = config.source;
      const next = { format, source: converted.source };
      parsedText.current = next;
      setConfig(next);
      accept(next, forms);
      return undefined;
    },
    replace: (next, nextTemplates) => {
      other.current = {};
      parsedText.current = next;
      const nextForms = formsOf(nextTemplates);
      setConfig(next);
      setForms(nextForms);
      accept(next, nextForms);
    },
    tiles,
    setTile: (name, form) => setForms((before) => ({ ...before, [name]: form })),
    parse: () => {
      parsedText.current = config;
      const next = accept(config, forms);
      const all = { ...formsOf(next.templates), ...forms };
      const fresh = view(next, all);
      return { config, templates: fresh.templates, problems: fresh.problems };
    },
    analysis,
    problems,
    templates,
    tileErrors: tiles.reduce((sum, tile) => sum + (tile.removed ? 0 : Object.keys(tile.errors).length), 0),
  };
}

const pick = (templates: TemplateVariables, wanted: (name: string) => boolean): TemplateVariables =>
  Object.fromEntries(Object.entries(templates).filter(([name]) => wanted(name)));

/** Tiles in the order of the text, then those that are gone; and what the text and they have wrong. */
function view(
  analysis: AnalyzedConfig,
  forms: Forms,
): { tiles: Tile[]; templates: TemplateVariables; problems: ConfigProblem[] } {
  const names = Object.keys(analysis.templates);
  const results = Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, toVariable(form)]));
  const templates: TemplateVariables = {};
  for (const name of names) {
    const variable = results[name]?.variable ?? analysis.templates[name];
    if (variable !== undefined) templates[name] = variable;
  }
  const ofTiles = checkTemplates(analysis, templates);
  const problems = [...analysis.problems.filter((problem) => problem.variable === undefined), ...ofTiles];
  const tile = (name: string, removed: boolean): Tile[] => {
    const form = forms[name];
    if (form === undefined) return [];
    return [
      {
        name,
        form,
        errors: results[name]?.errors ?? {},
        problems: removed
          ? []
          : ofTiles.filter((problem) => problem.variable === name).map((problem) => problem.message),
        uses: analysis.placeholders.filter((use) => use.name === name),
        removed,
      },
    ];
  };
  const gone = Object.keys(forms).filter((name) => !names.includes(name));
  return {
    tiles: [...names.flatMap((name) => tile(name, false)), ...gone.flatMap((name) => tile(name, true))],
    templates,
    problems,
  };
}
