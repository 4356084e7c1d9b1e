import { isMap, isScalar, parseDocument, stringify, type Document } from 'yaml';
import { setOwn, type ConfigTree } from '@/core/config-tree';
import { parseConfig } from '@/core/templates';
import type { ConfigFormat, Json, JsonObject, ResourceId } from '@/core/wire';

export interface ConvertInput {
  resource: ResourceId;
  from: ConfigFormat;
  to: ConfigFormat;
  source: string;
  /** The text in the format `to` as it was before the person switched away from it: its comments and layout are taken up again. */
  before?: string | undefined;
}
export type Converted = { ok: true; source: string } | { ok: false; message: string };

/** The other format of the same configuration. JSON has no comments: those of a YAML text come back with `before`. */
export function convertConfig({ resource, from, to, source, before }: ConvertInput): Converted {
  if (from === to) return { ok: true, source };
  if (source.trim() === '') return { ok: true, source: to === 'json' ? '{}\n' : '' };
  const { tree, problems } = parseConfig({ resource, format: from, source });
  if (tree === null) {
    const first = problems.find((problem) => problem.severity === 'error');
    const place = first?.line === undefined ? '' : ` (line ${first.line})`;
    return {
      ok: false,
      message: `The text cannot be converted before it can be read: ${first?.message ?? 'it is broken'}${place}`,
    };
  }
  const value = plain(tree);
  if (before !== undefined && same(value, readPlain(resource, to, before)))
    return { ok: true, source: before };
  if (to === 'json') return { ok: true, source: `${JSON.stringify(value, null, 2)}\n` };
  const merged = before === undefined ? undefined : mergeIntoYaml(resource, before, value);
  return { ok: true, source: merged ?? stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }) };
}

/** A tree as plain data with its placeholders spelt out in strings, which mean the same as unquoted ones. */
function plain(tree: ConfigTree): Json {
  switch (tree.kind) {
    case 'value':
      return tree.value;
    case 'variable':
      return `{{${tree.name}}}`;
    case 'text':
      return tree.parts.map((part) => (typeof part === 'string' ? part : `{{${part.variable}}}`)).join('');
    case 'list':
      return tree.items.map(plain);
    case 'map': {
      const object: JsonObject = {};
      for (const [key, item] of tree.entries) setOwn(object, key, plain(item));
      return object;
    }
  }
}

function readPlain(resource: ResourceId, format: ConfigFormat, source: string): Json | undefined {
  const { tree } = parseConfig({ resource, format, source });
  return tree === null ? undefined : plain(tree);
}

const same = (a: Json, b: Json | undefined): boolean =>
  b !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** The old YAML text with only what differs changed, so that its comments stay; undefined when that does not come out right. */
function mergeIntoYaml(resource: ResourceId, before: string, value: Json): string | undefined {
  const document = parseDocument(quotePlaceholders(resource, before), { keepSourceTokens: false });
  if (document.errors.length > 0 || !isMap(document.contents) || !isObject(value)) return undefined;
  setMap(document, [], value);
  const text = document.toString({ lineWidth: 0 });
  return same(value, readPlain(resource, 'yaml', text)) ? text : undefined;
}

/** To YAML an unquoted `{{x}}` is a map in a map; in quotes it means the same to Slipway and is a string to YAML. */
function quotePlaceholders(resource: ResourceId, source: string): string {
  const lines = source.split('\n');
  for (const { line, column, endColumn, wholeValue } of parseConfig({
    resource,
    format: 'yaml',
    source,
  }).placeholders.toReversed()) {
    const text = lines[line - 1] ?? '';
    const quoted = /["']/.test(text[column - 2] ?? '');
    if (wholeValue && !quoted)
      lines[line - 1] =
        `${text.slice(0, column - 1)}"${text.slice(column - 1, endColumn - 1)}"${text.slice(endColumn - 1)}`;
  }
  return lines.join('\n');
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function setMap(document: Document, path: readonly string[], value: JsonObject): void {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const keys = isMap(node)
    ? node.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key))
    : [];
  for (const key of keys) if (!Object.hasOwn(value, key)) document.deleteIn([...path, key]);
  for (const [key, item] of Object.entries(value)) {
    const at = [...path, key];
    const old: unknown = document.getIn(at, true);
    if (isMap(old) && isObject(item)) setMap(document, at, item);
    else if (isScalar(old) && !isObject(item) && !Array.isArray(item)) old.value = item;
    else if (!same(item, document.getIn(at) === undefined ? undefined : toJson(old)))
      document.setIn(at, document.createNode(item));
  }
}

const toJson = (node: unknown): Json | undefined =>
  typeof node === 'object' && node !== null && 'toJSON' in node
    ? ((node as { toJSON(): unknown }).toJSON() as Json)
    : undefined;
