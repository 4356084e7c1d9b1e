import { didYouMean } from '@/core/config-tree';
import type { ConfigTree, ListNode, MapNode, Scalar } from '@/core/config-tree';
import type { ApiDocument, ApiSchema } from './types';

/** What a service would say about a value of a document. */
export interface ApiFinding {
  /** `warning`: of a field that the service may know by now. */
  severity: 'error' | 'warning';
  /** Goes on after the path of the value: `must be a text, not 1`. */
  message: string;
  /** Of a field that the schema does not know: the known one that is near, in brackets, or nothing. */
  unknown?: { hint: string };
  keys: readonly string[];
  node: ConfigTree;
}

interface Options {
  document: ApiDocument;
  /** The service's name of a key, where the document writes it otherwise. */
  nameOf?: (key: string) => string;
  /** Texts that are not final yet (macros, marks to be replaced) are only known to be texts. */
  isOpen?: (text: string) => boolean;
  /** Numbers and truth values may stand where the service has a text: they are made texts before it gets them (`scalarsForTexts`). */
  makesTexts?: boolean;
}

/**
 * Checks a value against the schema of a service. Placeholders count as values of the right type. A field that the schema does not
 * know is an error where a known one is near (it would be ignored by the service, or refused), else a warning: it may be newer than
 * this release.
 */
export function checkApi(
  tree: ConfigTree,
  schema: ApiSchema,
  options: Options,
  keys: readonly string[] = [],
): ApiFinding[] {
  const findings: ApiFinding[] = [];
  new Check(options, findings).value(tree, schema, keys);
  return findings;
}

/** The schema of what stands at a path of a document, list positions being any number; undefined where there is none. */
export function schemaAt(document: ApiDocument, path: readonly (string | number)[]): ApiSchema | undefined {
  return path.reduce<ApiSchema | undefined>((schema, key) => {
    const { items, properties } = resolve(document, schema ?? {});
    return typeof key === 'number' ? items : properties?.[key];
  }, document);
}

export function resolve(document: ApiDocument, schema: ApiSchema): ApiSchema {
  const name = schema.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : (document.definitions[name] ?? {});
}

/** Lists of values longer than this are not read out. */
const MAX_LISTED = 12;
const MAX_SHOWN = 80;
const shown = (value: Scalar) => {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
};

class Check {
  constructor(
    private readonly options: Options,
    private readonly findings: ApiFinding[],
  ) {}

  value(node: ConfigTree, reference: ApiSchema, keys: readonly string[]): void {
    const schema = resolve(this.options.document, reference);
    const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
    const say = (message: string) => this.say('error', message, keys, node);
    if (types === undefined || node.kind === 'variable') return;
    // Nothing: the field is as good as left out.
    if (node.kind === 'value' && node.value === null) return;
    if (node.kind === 'map') {
      if (types.includes('object')) this.map(node, schema, keys);
      else say(`must be ${typeWords(types)}, not a map`);
    } else if (node.kind === 'list') {
      if (types.includes('array')) this.list(node, schema, keys);
      else say(`must be ${typeWords(types)}, not a list`);
    } else if (node.kind === 'text') {
      if (!types.includes('string')) say(`must be ${typeWords(types)}, not a text`);
    } else if (this.options.makesTexts && types.includes('string') && typeof node.value !== 'string') {
      return;
    } else if (!types.some((type) => isOf(type, node.value))) {
      say(`must be ${typeWords(types)}, not ${shown(node.value)}`);
    } else if (typeof node.value === 'string') this.text(node.value, schema, say);
    else if (typeof node.value === 'number') checkNumber(node.value, schema, say);
  }

  private map(node: MapNode, schema: ApiSchema, keys: readonly string[]): void {
    const { properties = {}, required = [], additionalProperties, propertyNames, maxProperties } = schema;
    const { nameOf = (key: string) => key } = this.options;
    const present = new Set<string>();
    for (const [key, item] of node.entries) {
      const name = nameOf(key);
      const path = [...keys, key];
      if (item.kind !== 'value' || item.value !== null) present.add(name);
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (known !== undefined) this.value(item, known, path);
      else if (typeof additionalProperties === 'object') {
        if (propertyNames?.pattern && !new RegExp(propertyNames.pattern, 'u').test(key))
          this.say('error', 'has a name that is not allowed', path, item);
        if (propertyNames?.maxLength && key.length > propertyNames.maxLength)
          this.say('error', `has a name of ${key.length} characters; ${propertyNames.maxLength} are allowed`, path, item); // prettier-ignore
        this.value(item, additionalProperties, path);
      } else if (additionalProperties === false) {
        const hint = didYouMean(name, Object.keys(properties));
        const severity = hint === '' ? 'warning' : 'error';
        this.findings.push({
          ...{ severity, message: `is not a known field${hint}`, keys: path, node: item },
          unknown: { hint },
        });
      }
    }
    if (maxProperties !== undefined && node.entries.length > maxProperties)
      this.say('error', `has ${node.entries.length} entries; ${maxProperties} are allowed`, keys, node);
    for (const name of required)
      if (!present.has(name)) this.say('error', 'is required', [...keys, name], node);
  }

  private list(node: ListNode, schema: ApiSchema, keys: readonly string[]): void {
    const { items, minItems = 0, maxItems = Infinity } = schema;
    const count = node.items.length;
    if (count > maxItems) this.say('error', `has ${count} items; ${maxItems} are allowed`, keys, node);
    if (count < minItems)
      this.say('error', `has ${count} items; at least ${minItems} are needed`, keys, node);
    if (items) node.items.forEach((item, index) => this.value(item, items, [...keys, String(index)]));
  }

  private text(text: string, schema: ApiSchema, say: (message: string) => void): void {
    if (this.options.isOpen?.(text)) return;
    const { minLength = 0, maxLength = Infinity, pattern } = schema;
    const { length } = text;
    if (schema.enum && !schema.enum.includes(text)) {
      const list = schema.enum.length <= MAX_LISTED ? `: ${schema.enum.join(', ')}` : '';
      say(
        `cannot be ${shown(text)}${didYouMean(text, schema.enum)}; it is one of ${schema.enum.length}${list}`,
      );
    } else if (length > maxLength) say(`has ${length} characters; ${maxLength} are allowed`);
    else if (length < minLength) say(`has ${length} characters; at least ${minLength} are needed`);
    else if (pattern && !new RegExp(pattern, 'u').test(text))
      say(`is ${shown(text)}, which has not the form ${pattern.replace(/^\^\(\?:(.*)\)\$$/, '$1')}`);
  }

  private say(severity: ApiFinding['severity'], message: string, keys: readonly string[], node: ConfigTree) {
    this.findings.push({ severity, message, keys, node });
  }
}

function checkNumber(
  value: number,
  { minimum = -Infinity, maximum = Infinity }: ApiSchema,
  say: (message: string) => void,
): void {
  if (value < minimum) say(`is ${value}; at least ${minimum} is needed`);
  if (value > maximum) say(`is ${value}; at most ${maximum} is allowed`);
}

function isOf(type: string, value: Scalar): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

const WORDS: Record<string, string> = {
  object: 'a map',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
};
const typeWords = (types: readonly string[]) => WORDS[types[0] ?? ''] ?? types.join(' or ');
