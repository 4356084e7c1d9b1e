import type { CST } from 'yaml';
import type { Span } from './builder';
import { MAX_DEPTH } from './limits';

type AnyToken = CST.Token | CST.SourceToken | CST.CollectionItem;

/**
 * Comments of a token tree, in order, and whether it nests too deeply to be composed (composing recurses). Walks without recursion,
 * since a line of dashes can nest a hundred thousand levels.
 */
export function surveyTokens(tokens: readonly CST.Token[]): {
  comments: Span[];
  tooDeepAt: number | undefined;
} {
  const comments: Span[] = [];
  let tooDeepAt: number | undefined;
  const stack: { token: AnyToken; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { token } = top;
    if ('type' in token && token.type === 'comment') {
      comments.push({ start: token.offset, end: token.offset + token.source.length });
      continue;
    }
    const nests = 'type' in token && 'items' in token;
    const depth = top.depth + (nests ? 1 : 0);
    // One more than the limit of values, so that the limit itself reports with a path.
    if (nests && depth > MAX_DEPTH + 1) {
      tooDeepAt = Math.min(tooDeepAt ?? token.offset, token.offset);
      continue;
    }
    for (const inner of childrenOf(token)) stack.push({ token: inner, depth });
  }
  return { comments: comments.sort((a, b) => a.start - b.start), tooDeepAt };
}

function* childrenOf(token: AnyToken): Iterable<AnyToken> {
  if ('start' in token) {
    if (Array.isArray(token.start)) yield* token.start;
    else yield token.start;
  }
  if ('props' in token) yield* token.props;
  if ('key' in token && token.key) yield token.key;
  if ('sep' in token && token.sep) yield* token.sep;
  if ('value' in token && token.value) yield token.value;
  if ('items' in token) yield* token.items;
  if ('end' in token && token.end) yield* token.end;
}
