'use client';
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { checkTemplates } from '@/core/templates/tiles';
import type {
  ConfigFormat,
  ConfigProblem,
  ConfigSource,
  Placeholder,
  ResourceId,
  TemplateVariables,
} from '@/core/wire';
import { carryOut } from './analysis/engine';
import type { Analysis } from './analysis/tasks';
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
  /** The variable is not in the text: its settings are dropped when the configuration is saved, unless it is `kept`. */
  removed: boolean;
  /** Saved though the text does not use it. */
  kept: boolean;
}

export interface ConfigDraft {
  resource: ResourceId;
  format: ConfigFormat;
  source: string;
  setSource: (source: string) => void;
  /** Says why it cannot, when the text cannot be read. */
  setFormat: (format: ConfigFormat) => Promise<string | undefined>;
  /** Another text altogether: an example, another version. */
  replace: (config: ConfigSource, templates: TemplateVariables) => void;
  tiles: Tile[];
  setTile: (name: string, form: TileForm) => void;
  /** Whether a variable that is not in the text is saved all the same. */
  keep: (name: string, kept: boolean) => void;
  /** Parses now, without waiting; gives what would be saved. */
  parse: () => Promise<{ config: ConfigSource; templates: TemplateVariables; problems: ConfigProblem[] }>;
  analysis: Analysis;
  /** The text that `analysis` is about. */
  analyzed: ConfigSource;
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

/** What is known of a text before it is read for the first time. */
const unread = (templates: TemplateVariables): Analysis => ({
  templates,
  placeholders: [],
  macros: [],
  problems: [],
  readable: false,
});

interface State {
  forms: Forms;
  /** Names of variables that are saved though the text does not use them. */
  kept: ReadonlySet<string>;
  analysis: Analysis;
  analyzed: ConfigSource;
  /** Whether `analysis` is an answer, not the beginning. */
  read: boolean;
}

/** A configuration that is being edited: text and tiles, parsed 300 ms after the last keystroke by the rules that the server uses. */
export function useConfigDraft(
  resource: ResourceId,
  initial: ConfigSource,
  initialTemplates: TemplateVariables,
): ConfigDraft {
  const [config, setConfig] = useState(initial);
  const [state, setState] = useState<State>(() => begin(initial, initialTemplates));
  const other = useRef<Partial<Record<ConfigFormat, string>>>({});
  /** Counts what was asked for: an answer about an older text is not shown. */
  const asked = useRef(0);

  const accept = useCallback(
    async (text: ConfigSource, forms: Forms): Promise<Analysis> => {
      asked.current += 1;
      const mine = asked.current;
      const next = await carryOut('analyze', { resource, ...text, templates: variablesOf(forms) });
      if (mine === asked.current) setState((before) => advance(before, text, next));
      return next;
    },
    [resource],
  );

  const parsedText = useRef<ConfigSource>(undefined);
  const parsedFor = useRef(resource);
  const { forms, kept, analysis } = state;
  const readNow = useEffectEvent((text: ConfigSource) => void accept(text, forms));
  useEffect(() => {
    if (parsedText.current === config && parsedFor.current === resource) return;
    const first = parsedText.current === undefined;
    const timer = setTimeout(
      () => {
        parsedText.current = config;
        parsedFor.current = resource;
        readNow(config);
      },
      first ? 0 : PARSE_DELAY_MS,
    );
    return () => clearTimeout(timer);
  }, [config, resource]);

  const { tiles, templates, problems } = useMemo(
    () => view(analysis, forms, kept, state.read),
    [analysis, forms, kept, state.read],
  );
  const setTile = useCallback(
    (name: string, form: TileForm) =>
      setState((before) => ({ ...before, forms: { ...before.forms, [name]: form } })),
    [],
  );
  const keep = useCallback(
    (name: string, wanted: boolean) =>
      setState((before) => {
        const next = new Set(before.kept);
        if (wanted) next.add(name);
        else next.delete(name);
        return { ...before, kept: next };
      }),
    [],
  );

  return {
    resource,
    format: config.format,
    source: config.source,
    setSource: (source) => setConfig((before) => (before.source === source ? before : { ...before, source })),
    setFormat: async (format) => {
      const converted = await carryOut('convert', {
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
      await accept(next, forms);
      return undefined;
    },
    replace: (next, nextTemplates) => {
      other.current = {};
      parsedText.current = next;
      setConfig(next);
      const fresh = begin(next, nextTemplates);
      setState(fresh);
      void accept(next, fresh.forms);
    },
    tiles,
    setTile,
    keep,
    parse: async () => {
      parsedText.current = config;
      const next = await accept(config, forms);
      const fresh = view(next, { ...formsOf(next.templates), ...forms }, kept, true);
      return { config, templates: fresh.templates, problems: fresh.problems };
    },
    analysis,
    analyzed: state.analyzed,
    problems,
    templates,
    tileErrors: tiles.reduce((sum, tile) => sum + (tile.removed ? 0 : Object.keys(tile.errors).length), 0),
  };
}

const begin = (config: ConfigSource, templates: TemplateVariables): State => ({
  forms: formsOf(templates),
  kept: new Set(),
  analysis: unread(templates),
  analyzed: config,
  read: false,
});

/** Takes an answer in: tiles of new variables come in, those that are there keep what was typed. */
function advance(before: State, analyzed: ConfigSource, analysis: Analysis): State {
  const forms = {
    ...formsOf(pick(analysis.templates, (name) => !Object.hasOwn(before.forms, name))),
    ...before.forms,
  };
  // What the text does not use at the very beginning was saved so on purpose.
  const kept =
    before.read || !analysis.readable
      ? before.kept
      : new Set(Object.keys(before.forms).filter((name) => !Object.hasOwn(analysis.templates, name)));
  return { forms, kept, analysis, analyzed, read: before.read || analysis.readable };
}

const pick = (templates: TemplateVariables, wanted: (name: string) => boolean): TemplateVariables =>
  Object.fromEntries(Object.entries(templates).filter(([name]) => wanted(name)));

/** Tiles in the order of the text, then those that it does not use; and what the text and they have wrong. */
function view(
  analysis: Analysis,
  forms: Forms,
  kept: ReadonlySet<string>,
  read: boolean,
): { tiles: Tile[]; templates: TemplateVariables; problems: ConfigProblem[] } {
  const used = Object.keys(analysis.templates);
  const unused = Object.keys(forms).filter((name) => !Object.hasOwn(analysis.templates, name));
  const results = Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, toVariable(form)]));
  const templates: TemplateVariables = {};
  for (const name of [...used, ...unused.filter((each) => kept.has(each))]) {
    const variable = results[name]?.variable ?? analysis.templates[name];
    if (variable !== undefined) templates[name] = variable;
  }
  const ofTiles = read ? checkTemplates(analysis, templates) : [];
  const problems = [...analysis.problems.filter((problem) => problem.variable === undefined), ...ofTiles];
  const tile = (name: string): Tile[] => {
    const form = forms[name];
    if (form === undefined) return [];
    return [
      {
        name,
        form,
        errors: results[name]?.errors ?? {},
        problems: ofTiles
          .filter((problem) => problem.variable === name && problem.severity === 'error')
          .map((problem) => problem.message),
        uses: analysis.placeholders.filter((use) => use.name === name),
        removed: !Object.hasOwn(templates, name),
        kept: kept.has(name) && !Object.hasOwn(analysis.templates, name),
      },
    ];
  };
  return { tiles: [...used, ...unused].flatMap(tile), templates, problems };
}
