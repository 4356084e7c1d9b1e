/**
 * `.dockerignore`, by the rules of Docker: patterns are anchored at the top of the context; `*` and `?` stay inside a part of a path, `**`
 * crosses any number; `!` takes back; a pattern that matches a directory covers what is in it; the last one that matches decides.
 *
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export interface IgnoreFile {
  excludes(path: string): boolean;
  /** Whether nothing in this directory can be taken back, so that it need not be looked into. */
  prunes(directory: string): boolean;
}

type Token =
  | { kind: 'text'; text: string }
  | { kind: 'one' }
  | { kind: 'many' }
  /** `**`: any text. */
  | { kind: 'any' }
  /** Any number of whole parts with their slashes, also none. */
  | { kind: 'parts' }
  | { kind: 'set'; negated: boolean; ranges: [string, string][] };

interface Rule {
  keeps: boolean;
  tokens: Token[];
}

export function parseIgnoreFile(text: string): IgnoreFile {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap(readRule);
  const keeps = rules.some((rule) => rule.keeps);
  const excludes = (path: string) => {
    let excluded = false;
    for (const rule of rules)
      if (rule.keeps === excluded && matches(rule.tokens, path)) excluded = !rule.keeps;
    return excluded;
  };
  return { excludes, prunes: (directory) => !keeps && excludes(directory) };
}

function readRule(line: string): Rule[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  const keeps = trimmed.startsWith('!');
  const parts: string[] = [];
  for (const part of (keeps ? trimmed.slice(1).trim() : trimmed).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? [] : [{ keeps, tokens: readTokens(parts.join('/')) }];
}

function readTokens(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    if (character === '*' && pattern[at + 1] === '*') {
      while (pattern[at + 1] === '*') at++;
      if (pattern[at + 1] !== '/') {
        tokens.push({ kind: 'any' });
      } else {
        at++;
        tokens.push({ kind: 'parts' });
      }
    } else if (character === '*') tokens.push({ kind: 'many' });
    else if (character === '?') tokens.push({ kind: 'one' });
    else if (character === '[') {
      const set = /^\[(\^?)((?:\\.|[^\]\\])+)\]/.exec(pattern.slice(at));
      if (set === null) tokens.push({ kind: 'text', text: '[' });
      else {
        tokens.push({ kind: 'set', negated: set[1] !== '', ranges: readRanges(set[2] ?? '') });
        at += set[0].length - 1;
      }
    } else if (character === '\\' && at + 1 < pattern.length) {
      at++;
      tokens.push({ kind: 'text', text: pattern[at] ?? '' });
    } else tokens.push({ kind: 'text', text: character });
  }
  return tokens;
}

const readRanges = (text: string): [string, string][] =>
  [...text.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/g)].map(([, low = '', high = low]) => [
    low.replace('\\', ''),
    high.replace('\\', ''),
  ]);

/**
 * Whether the pattern matches the path or a directory it is in. All places of the pattern that the text read so far can have reached are
 * carried along, so the time is that of path times pattern whatever they hold.
 */
function matches(tokens: readonly Token[], path: string): boolean {
  let places = reach(tokens, new Set([0]), true);
  for (let at = 0; at < path.length; at++) {
    const character = path[at] ?? '';
    if (character === '/' && places.has(tokens.length)) return true;
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token === undefined) continue;
      if (token.kind === 'any' || token.kind === 'parts' || (token.kind === 'many' && character !== '/'))
        next.add(place);
      else if (takes(token, character)) next.add(place + 1);
    }
    places = reach(tokens, next, character === '/');
    if (places.size === 0) return false;
  }
  return places.has(tokens.length);
}

/** Adds the places that are reached without reading anything. `parts` may end only where a part begins. */
function reach(tokens: readonly Token[], places: Set<number>, atStart: boolean): Set<number> {
  // A set that grows while it is walked is walked to its new end.
  for (const place of places) {
    const kind = tokens[place]?.kind;
    if (kind === 'many' || kind === 'any' || (kind === 'parts' && atStart)) places.add(place + 1);
  }
  return places;
}

function takes(token: Token, character: string): boolean {
  switch (token.kind) {
    case 'text':
      return token.text === character;
    case 'one':
      return character !== '/';
    case 'set':
      return (
        character !== '/' &&
        token.ranges.some(([low, high]) => low <= character && character <= high) !== token.negated
      );
    default:
      return false;
  }
}
