import { didYouMean, formatPath } from '@/core/config-tree';
import { MAX_CONFIG_BYTES } from '@/core/wire';
import type { ConfigProblem } from '@/core/wire';
import { normalize } from './normalize';
import { KNOWN_KEYS, agentFileSchema } from './schema';
import { AgentConfigSource } from './source';
import type { Path } from './source';
import type { ParsedAgentConfig } from './types';

export { STORE_FORMS, registryTypeOf } from './addresses';
export { parseEcrAddress, type EcrAddress } from './cloud-addresses';
export { DEFAULT_AGENT_CONFIG } from './normalize';
export { redactAgentConfig } from './redact';
export type * from './types';

/** As the guide leaves them for the reader to fill in: `<queue-name>`, `<n concurrent jobs>`. */
const UNFILLED = /<[A-Za-z][^<>]*>/;

/**
 * Reads the agent's YAML file. Never throws: what is wrong is told with line and column, all at once; an unknown key with the known
 * key it may have been meant for.
 */
export function parseAgentConfig(text: string): ParsedAgentConfig {
  if (new TextEncoder().encode(text).length > MAX_CONFIG_BYTES) {
    return {
      config: null,
      problems: [{ severity: 'error', message: 'The file is larger than 256 KiB.', line: 1, column: 1 }],
    };
  }
  const source = new AgentConfigSource(text);
  const value = source.value();
  const problems = source.problems;
  if (value === undefined) return { config: null, problems };

  const unfilled = new Set<string>();
  eachText(value, [], (found, path) => {
    const placeholder = UNFILLED.exec(found)?.[0];
    if (placeholder === undefined || path[1] === 'kaniko-config') return;
    unfilled.add(formatPath(path.map(String)));
    problems.push(problem(source, path, `${placeholder} is a placeholder; put your own value in its place.`));
  });

  const parsed = agentFileSchema.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) problems.push(unknownKey(source, issue.path, key));
      } else if (![...unfilled].some((path) => path === formatPath(issue.path.map(String)))) {
        const path = issue.path.map(String);
        const where = path.length === 0 ? 'The file' : formatPath(path);
        problems.push(
          problem(
            source,
            issue.path,
            `${where}: ${missing(value, issue.path) ? 'is required' : issue.message}`,
          ),
        );
      }
    }
  }
  const config = parsed.success
    ? normalize(parsed.data, (severity, path, message) =>
        problems.push({ ...problem(source, path, message), severity }),
      )
    : null;
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { config: problems.some(({ severity }) => severity === 'error') ? null : config, problems };
}

function problem(source: AgentConfigSource, path: Path, message: string): ConfigProblem {
  return { severity: 'error', message, ...source.place(path), path: formatPath(path.map(String)) };
}

function unknownKey(source: AgentConfigSource, path: Path, key: string): ConfigProblem {
  const parent = formatPath(path.map(String));
  const known = KNOWN_KEYS[parent] ?? [];
  const where = parent === '' ? '' : ` of ${parent}`;
  const near = didYouMean(key, known);
  const message = `"${key}" is not a known key${where}${near === '' ? `; known are ${known.join(', ')}` : near}`;
  return {
    severity: 'error',
    message,
    ...source.keyPlace(path, key),
    path: formatPath([...path.map(String), key]),
  };
}

function missing(value: unknown, path: Path): boolean {
  let current = value;
  for (const key of path)
    current =
      typeof current === 'object' && current !== null
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined;
  return current === undefined;
}

function eachText(
  value: unknown,
  path: (string | number)[],
  visit: (text: string, path: Path) => void,
): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => eachText(item, [...path, index], visit));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) eachText(item, [...path, key], visit);
  }
}
