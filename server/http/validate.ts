import type { z } from 'zod';
import { ProblemError, refused } from '@/core/problems';
import type { FieldError } from '@/core/wire';

type Issue = z.core.$ZodIssue;

/** zod's findings as dotted paths with a message each. Of a union, the branch that came furthest speaks. */
export function fieldErrors(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: dotted([...path, key]), message: 'is not known here' }));
    }
    if (issue.code === 'invalid_union') {
      const branches = issue.errors.filter((branch) => branch.length > 0);
      const deepest = branches.sort((a, b) => depth(b) - depth(a))[0];
      if (deepest && depth(deepest) > 0) return fieldErrors(deepest, path);
    }
    return [{ path: dotted(path), message: plain(issue) }];
  });
}

const dotted = (path: readonly PropertyKey[]) => path.map(String).join('.');
const depth = (branch: readonly Issue[]) => Math.max(...branch.map((issue) => issue.path.length));

function plain(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    const received = /received (\w+)$/.exec(issue.message)?.[1];
    if (received === 'undefined') return 'is required';
    return `must be ${article(issue.expected)}${received ? `, not ${article(received)}` : ''}`;
  }
  return issue.message
    .replace(/^Invalid input: expected/, 'must be')
    .replace(/^Invalid option: expected/, 'must be');
}
const article = (type: string) =>
  type === 'null' ? 'null' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;

/** The checked value, or a 422 that names each field that is wrong. */
export function check<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error.issues);
  throw refused(
    `${what} ${errors.length === 1 ? 'has a value that is' : 'has values that are'} not accepted.`,
    errors,
  );
}

const LONE_SURROGATE = /\p{Surrogate}/u;
/** Deepest nesting of a request body. */
const MAX_DEPTH = 100;

/**
 * Refuses JSON that the database could not hold: NUL characters, lone surrogates (`text` and `jsonb` take neither), and nesting that
 * would exhaust the stack of a recursive check. `allowNul` is for log text, which is stored as bytes.
 */
export function checkJson(root: unknown, { allowNul = false } = {}): void {
  const errors: FieldError[] = [];
  const stack: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  for (let next = stack.pop(); next && errors.length < 20; next = stack.pop()) {
    const { value, path, depth: level } = next;
    if (typeof value === 'string') checkText(value, path, allowNul, errors);
    if (typeof value !== 'object' || value === null) continue;
    if (level >= MAX_DEPTH)
      throw new ProblemError('unreadable', `The body is nested more than ${MAX_DEPTH} levels deep.`);
    for (const [key, child] of Object.entries(value)) {
      const childPath = path === '' ? key : `${path}.${key}`;
      if (!Array.isArray(value)) checkText(key, childPath, allowNul, errors);
      stack.push({ value: child, path: childPath, depth: level + 1 });
    }
  }
  if (errors.length > 0) throw refused('The body has text that is not accepted.', errors);
}

function checkText(text: string, path: string, allowNul: boolean, errors: FieldError[]): void {
  if (!allowNul && text.includes('\0'))
    errors.push({ path: path.replaceAll('\0', '\u2400'), message: 'must not contain the NUL character' });
  else if (LONE_SURROGATE.test(text))
    errors.push({
      path: path.replace(/\p{Surrogate}/gu, '\ufffd'),
      message: 'must be well-formed Unicode (it has half a surrogate pair)',
    });
}
