import { formatPath } from '@/core/config-tree';
import type { ConfigTree } from '@/core/config-tree';
import { checkResource, normalizeTree, suggestVariable } from '@/core/queue-config';
import type { Finding } from '@/core/queue-config';
import { MAX_CONFIG_BYTES } from '@/core/wire';
import type { ConfigProblem, Placeholder, ResourceId } from '@/core/wire';
import { TreeBuilder, Unreadable, keysOf } from './builder';
import type { VariableUse } from './builder';
import { MAX_PROBLEMS } from './limits';
import { chooseMask, findMarks, maskMarks } from './marks';
import { parseJson } from './parse-json';
import { parseYaml } from './parse-yaml';
import { SourceMap } from './source-map';
import type { ParseInput, ParsedConfig } from './types';
import { tidyYaml } from './yaml-lines';
import type { TidiedYaml } from './yaml-lines';

/**
 * Reads a configuration: its tree (wrapper removed, tolerances applied), placeholders and macros with their positions, and every
 * problem that can be found without tiles. Never throws.
 */
export function parseConfig(input: ParseInput): ParsedConfig {
  const refusal = refuseText(input.source);
  if (refusal !== undefined) return unreadable([{ severity: 'error', message: refusal, line: 1, column: 1 }]);
  const tidied = input.format === 'yaml' ? tidyYaml(input.source) : undefined;
  const text = tidied?.text ?? input.source;
  const mask = chooseMask(text);
  if (mask === undefined) {
    const message = 'The text holds too many different private-use characters.';
    return unreadable([{ severity: 'error', message, line: 1, column: 1 }]);
  }
  const marks = findMarks(text);
  const builder = new TreeBuilder(new SourceMap(text, tidied?.widened), mask, marks);
  if (tidied) reportTidied(tidied, builder.problems);
  const masked = maskMarks(text, marks, mask);
  const tree = attempt(builder, () =>
    input.format === 'json' ? parseJson(masked, builder, mask) : parseYaml(masked, builder),
  );
  if (tree === null) return unreadable(builder.problems);
  builder.finish();
  const normalized = normalizeTree(input.resource, tree);
  const findings = [...normalized.findings, ...checkResource(input.resource, normalized.tree)];
  for (const finding of findings) report(finding, builder);
  return {
    tree: normalized.tree,
    placeholders: builder.uses.map((use) => toPlaceholder(use, input.resource, builder)),
    macros: builder.macros,
    problems: builder.problems.sort(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    ),
  };
}

const unreadable = (problems: ConfigProblem[]): ParsedConfig => ({
  tree: null,
  placeholders: [],
  macros: [],
  problems: inOrder(problems),
});

const inOrder = (problems: ConfigProblem[]) =>
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

function refuseText(source: string): string | undefined {
  // A character is at most three bytes of UTF-8 for each UTF-16 unit: the common case needs no encoding.
  const tooLarge =
    source.length > MAX_CONFIG_BYTES ||
    (source.length * 3 > MAX_CONFIG_BYTES && new TextEncoder().encode(source).length > MAX_CONFIG_BYTES);
  return tooLarge ? `The configuration is larger than ${MAX_CONFIG_BYTES / 1024} KiB.` : undefined;
}

/** Runs a parser. Its own refusals are reported already; running out of stack means nesting that slipped through. */
function attempt(builder: TreeBuilder, parser: () => ConfigTree): ConfigTree | null {
  try {
    return parser();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    const message =
      error instanceof RangeError
        ? 'The configuration is nested too deeply.'
        : 'The configuration cannot be read.';
    builder.report('error', message, { start: 0, end: 0 });
    return null;
  }
}

function reportTidied(tidied: TidiedYaml, problems: ConfigProblem[]): void {
  const [first] = tidied.tabLines;
  if (first !== undefined) {
    const shown = tidied.tabLines.slice(0, 10).map((line) => line + 1);
    const lines = `${shown.join(', ')}${tidied.tabLines.length > shown.length ? ', …' : ''}`;
    const where = tidied.tabLines.length === 1 ? `line ${lines}` : `lines ${lines}`;
    problems.push({
      severity: 'warning',
      message: `Tabs as indentation (${where}) are read as two spaces each; YAML itself allows spaces only.`,
      line: first + 1,
      column: 1,
    });
  }
  for (const { key, line, column } of tidied.backticked.slice(0, MAX_PROBLEMS / 2)) {
    problems.push({
      severity: 'warning',
      message: `The backticks around the key "${key}" are left out.`,
      line: line + 1,
      column: column + 1,
    });
  }
}

function report(finding: Finding, builder: TreeBuilder): void {
  if (builder.problems.length >= MAX_PROBLEMS) return;
  const place = finding.node && builder.places.get(finding.node);
  if (place !== undefined) {
    const before = builder.problems.length;
    builder.report(finding.severity, finding.message, place);
    const added = builder.problems[before];
    if (added && finding.keys.length > 0) added.path = formatPath(finding.keys);
  } else {
    const path = finding.keys.length > 0 ? { path: formatPath(finding.keys) } : {};
    builder.problems.push({
      severity: finding.severity,
      message: finding.message,
      line: 1,
      column: 1,
      ...path,
    });
  }
}

function toPlaceholder(use: VariableUse, resource: ResourceId, builder: TreeBuilder): Placeholder {
  const start = builder.positions.position(use.mark.start);
  const path = formatPath(keysOf(use.place));
  const wholeValue = use.node.kind === 'variable';
  return {
    name: use.name,
    path,
    line: start.line,
    column: start.column,
    endColumn: builder.positions.position(use.mark.end).column,
    wholeValue,
    suggestedType: wholeValue ? suggestVariable(path, resource, builder.siblings(use.place)) : 'string',
  };
}
