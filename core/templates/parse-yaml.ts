import { Composer, Parser, isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Document, Node, ParsedNode, Scalar, YAMLError, YAMLMap } from 'yaml';
import type { ConfigTree } from '@/core/config-tree';
import type { Place, Span, TreeBuilder } from './builder';
import { MAX_ALIAS_NODES, MAX_ALIAS_TEXT, MAX_DEPTH } from './limits';
import { explainYamlError } from './yaml-errors';
import { surveyTokens } from './yaml-tokens';

/** Plain keywords and numbers with a comma behind, as they are left when JSON or Python is retyped as YAML. */
const COMMA_KEYWORD = /^(?:true|false|null|[-+]?\d+(?:\.\d+)?),$/i;

/** Reads masked YAML 1.2 (core schema). All syntax errors are reported; with any of them there is no tree. */
export function parseYaml(text: string, builder: TreeBuilder): ConfigTree {
  const tokens = [...new Parser().parse(text)];
  const { comments, tooDeepAt } = surveyTokens(tokens);
  builder.ignore(comments);
  if (tooDeepAt !== undefined) {
    builder.fail(`The configuration is nested deeper than ${MAX_DEPTH} levels.`, {
      start: tooDeepAt,
      end: tooDeepAt + 1,
    });
  }
  // Duplicate keys are found by the reader: the composer's own check takes time by the square of the number of keys.
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false });
  const documents = [...composer.compose(tokens, true, text.length)];
  reportErrors(documents, builder);
  const filled = documents.filter((document) => document.contents !== null && !isBlank(document.contents));
  const [first, second] = filled;
  if (second !== undefined) {
    builder.fail(
      'A configuration is one YAML document: take away "---" and what follows.',
      spanOf(second.contents),
    );
  }
  const contents = first?.contents;
  const root = builder.root(contents ? spanOf(contents) : { start: 0, end: text.length });
  return contents
    ? new YamlReader(builder).read(contents, root)
    : builder.add({ kind: 'map', entries: [] }, root);
}

type AnyDocument =
  Document.Parsed | { contents: ParsedNode | null; errors: YAMLError[]; warnings: YAMLError[] };

function reportErrors(documents: readonly AnyDocument[], builder: TreeBuilder): void {
  // What the composer warns of (a tag it does not know) would change the meaning silently.
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  if (errors.length === 0) return;
  for (const error of errors.slice(1, 20)) {
    builder.report('error', builder.unmask(explainYamlError(error)), {
      start: error.pos[0],
      end: error.pos[1],
    });
  }
  const [worst] = errors;
  if (worst)
    builder.fail(builder.unmask(explainYamlError(worst)), { start: worst.pos[0], end: worst.pos[1] });
}

const isBlank = (node: Node) =>
  isScalar(node) && node.value === null && (node.source ?? '') === '' && !node.tag;
const spanOf = (node: Node | null | undefined): Span => ({
  start: node?.range?.[0] ?? 0,
  end: node?.range?.[1] ?? 0,
});

class YamlReader {
  /** The latest node of each anchor, as YAML wants it: an alias means the last anchor before it. */
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #aliasNodes = 0;
  #aliasText = 0;
  /** How many aliases are being followed at this moment. */
  #following = 0;

  constructor(private readonly builder: TreeBuilder) {}

  read(node: Node, place: Place): ConfigTree {
    this.#countAlias(node, place);
    if (isAlias(node)) return this.#follow(node.source, place);
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, place);
    this.#open.add(node);
    const result = isMap(node) ? this.#map(node, place) : this.#list(node, place);
    this.#open.delete(node);
    return result;
  }

  #list(node: Node, place: Place): ConfigTree {
    const items: ConfigTree[] = [];
    const list = this.builder.add({ kind: 'list', items }, place);
    if (!isSeq(node)) return list;
    for (const item of node.items) {
      if (isPair(item))
        this.builder.fail('A "key: value" directly in a [list] needs braces around it.', place);
      else items.push(this.#child(item as Node | null, String(items.length), place));
    }
    return list;
  }

  #map(node: YAMLMap, place: Place): ConfigTree {
    const entries: [string, ConfigTree][] = [];
    const map = this.builder.add({ kind: 'map', entries }, place);
    const known = new Map<string, Span>();
    const merged: Node[] = [];
    for (const pair of node.items) {
      const value = pair.value as Node | null;
      if (isMergeKey(pair.key)) {
        if (value !== null) merged.push(value);
        continue;
      }
      const span = spanOf(pair.key as Node | null);
      const key = this.#key(pair.key as Node | null, span, place);
      const first = known.get(key);
      if (first !== undefined) {
        const line = this.builder.positions.position(first.start).line;
        this.builder.report(
          'error',
          `The key "${key.slice(0, 80)}" is already in line ${line}.`,
          span,
          place,
        );
      } else known.set(key, span);
      entries.push([key, this.#child(value, key, place, span)]);
    }
    for (const value of merged) this.#merge(value, entries, known, place);
    return map;
  }

  #child(node: Node | null, key: string, parent: Place, span = spanOf(node)): ConfigTree {
    const place = this.builder.inside(parent, key, node === null ? span : this.#spanOf(node, parent));
    return node === null ? this.builder.scalar(null, place) : this.read(node, place);
  }

  /** What an alias brings in is placed at the alias, where the reader of a message looks for it. */
  #spanOf(node: Node, parent: Place): Span {
    return this.#following > 0 ? { start: parent.start, end: parent.end } : spanOf(node);
  }

  #key(node: Node | null, span: Span, place: Place): string {
    const target = isAlias(node) ? this.#anchors.get(node.source) : node;
    if (target === null) return '';
    if (target === undefined || !isScalar(target)) {
      return this.builder.fail('A key must be text, not a map or a list.', span, place);
    }
    if (typeof target.anchor === 'string') this.#anchors.set(target.anchor, target);
    // Numbers, dates and keywords are keys as they were typed; a resource knows text only.
    const typed = typeof target.value === 'string' ? target.value : (target.source ?? '');
    return this.builder.key(typed, spanOf(target), place);
  }

  /** `<<: *base` or a list of such: adds what is not there yet. */
  #merge(value: Node, entries: [string, ConfigTree][], known: Map<string, Span>, place: Place): void {
    const sources = isSeq(value) ? (value.items as Node[]) : [value];
    for (const source of sources) {
      const inner = this.builder.inside(place, '<<', spanOf(source));
      const tree = this.read(source, { ...inner, parent: place.parent, key: place.key });
      if (tree.kind !== 'map') {
        this.builder.fail('"<<" takes a map, or a list of maps, by alias: <<: *name.', spanOf(source), place);
        return;
      }
      for (const [key, item] of tree.entries) {
        if (known.has(key)) continue;
        known.set(key, spanOf(source));
        entries.push([key, item]);
      }
    }
  }

  #follow(name: string, place: Place): ConfigTree {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      return this.builder.fail(
        `There is no anchor "&${this.builder.unmask(name)}" before this alias.`,
        place,
        place,
      );
    }
    if (this.#open.has(target)) return this.builder.fail(`The alias "*${name}" holds itself.`, place, place);
    this.#following++;
    const tree = this.read(target, place);
    this.#following--;
    return tree;
  }

  #countAlias(node: Node, place: Place): void {
    if (this.#following === 0) return;
    this.#aliasNodes++;
    if (isScalar(node) && typeof node.value === 'string') this.#aliasText += node.value.length;
    if (this.#aliasNodes > MAX_ALIAS_NODES || this.#aliasText > MAX_ALIAS_TEXT) {
      this.builder.fail(
        'The aliases (*name) of this configuration multiply its size beyond what is allowed.',
        place,
      );
    }
  }

  #scalar(node: Scalar, place: Place): ConfigTree {
    const { value } = node;
    const source = node.source ?? '';
    const plain = node.type === 'PLAIN';
    if (typeof value === 'string')
      return plain
        ? this.#plainText(value, place, spanOf(node))
        : this.builder.text(value, place, spanOf(node));
    if (typeof value === 'number') {
      if (plain && /^[-+]?0\d+$/.test(source)) {
        this.builder.report(
          'warning',
          `${source.slice(0, 40)} is read as the number ${value}; put quotes around it to keep its zeros.`,
          place,
          place,
        );
      }
      return this.builder.number(value, place);
    }
    if (typeof value === 'boolean' || value === null) return this.builder.scalar(value, place);
    return this.builder.text(source, place, spanOf(node));
  }

  #plainText(value: string, place: Place, span: Span): ConfigTree {
    if (!value.endsWith(',')) return this.builder.text(value, place, span);
    const bare = value.slice(0, -1);
    const keyword = COMMA_KEYWORD.test(value);
    if (!keyword && !isInSecurityContext(place)) return this.builder.text(value, place, span);
    this.builder.report(
      'warning',
      `The comma after "${this.builder.unmask(bare).slice(0, 80)}" is left out.`,
      place,
      place,
    );
    if (!keyword) return this.builder.text(bare, place, span);
    const lower = bare.toLowerCase();
    if (lower === 'null') return this.builder.scalar(null, place);
    if (lower === 'true' || lower === 'false') return this.builder.scalar(lower === 'true', place);
    return this.builder.number(Number(bare), place);
  }
}

/** The guide prints `drop: [ALL,]` in this form inside of `securityContext`, where no value ends with a comma. */
function isInSecurityContext(place: Place): boolean {
  for (let at: Place | null = place; at !== null; at = at.parent)
    if (at.key === 'securityContext') return true;
  return false;
}

const isMergeKey = (key: unknown) => isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
