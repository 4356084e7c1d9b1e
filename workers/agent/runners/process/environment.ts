/**
 * What a process gets of the agent's environment without being asked for: enough for programs to find each other, their home, language
 * and temporary files, time zone and terminal type. Never anything else, and never the agent's credentials.
 */
const PASSED_ON = [
  'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'TERM', 'XDG_RUNTIME_DIR',
]; // prettier-ignore
const WITHHELD = new Set(['SLIPWAY_AGENT_TOKEN', 'SLIPWAY_API_KEY']);
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface EnvironmentInput {
  /** Set by queue, launch and Slipway; wins over everything. */
  env: Record<string, string>;
  /** Names that the queue takes from the agent's environment. */
  passThrough: string[];
  secrets: Record<string, string>;
  agent: NodeJS.ProcessEnv;
}

export function processEnvironment({
  env,
  passThrough,
  secrets,
  agent,
}: EnvironmentInput): Record<string, string> {
  const result: Record<string, string> = { PATH: DEFAULT_PATH };
  for (const name of [...PASSED_ON, ...passThrough]) {
    const value = agent[name];
    if (value !== undefined && !WITHHELD.has(name)) result[name] = value;
  }
  return { ...result, ...secrets, ...env };
}
