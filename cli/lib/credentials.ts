import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from './errors';

/** What `slipway login` keeps, mode 600. Keys by base URL; `current` is the one used without `--host`. */
const storedSchema = z.object({
  current: z.string(),
  hosts: z.record(z.string(), z.object({ apiKey: z.string() })),
});
type Stored = z.infer<typeof storedSchema>;

export interface Credentials {
  baseUrl: string;
  apiKey: string;
}

export const credentialsFile = (env: NodeJS.ProcessEnv = process.env): string =>
  path.join(env.XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'slipway', 'credentials.json');

function readStored(env: NodeJS.ProcessEnv): Stored | null {
  const file = credentialsFile(env);
  if (!existsSync(file)) return null;
  const parsed = storedSchema.safeParse(safeJson(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UsageError(`${file} cannot be read. Run "slipway login" again.`);
  return parsed.data;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `npm run up` leaves address and key of the local installation in the checkout, or where `SLIPWAY_HOME` says. */
function readDevelopment({ SLIPWAY_HOME: home }: NodeJS.ProcessEnv): Credentials | null {
  const folder = home ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '.slipway');
  const file = path.join(folder, 'dev.json');
  if (!existsSync(file)) return null;
  const parsed = z
    .object({ baseUrl: z.string(), apiKey: z.string() })
    .safeParse(safeJson(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : null;
}

export const trimUrl = (url: string): string => url.replace(/\/+$/, '');

/**
 * Host and key: `SLIPWAY_BASE_URL` and `SLIPWAY_API_KEY`, else what `slipway login` stored, else the local installation of this checkout.
 * @throws UsageError that says how to sign in
 */
export function findCredentials(env: NodeJS.ProcessEnv = process.env): Credentials {
  const stored = readStored(env);
  const development = stored ? null : readDevelopment(env);
  const baseUrl = trimUrl(env.SLIPWAY_BASE_URL ?? stored?.current ?? development?.baseUrl ?? '');
  if (!baseUrl)
    throw new UsageError(
      'No server is known. Run "slipway login --host URL", or set SLIPWAY_BASE_URL and SLIPWAY_API_KEY.',
    );
  const known =
    stored?.hosts[baseUrl]?.apiKey ??
    (development && trimUrl(development.baseUrl) === baseUrl ? development.apiKey : undefined);
  const apiKey = env.SLIPWAY_API_KEY ?? known;
  if (!apiKey)
    throw new UsageError(
      `No API key is known for ${baseUrl}. Run "slipway login --host ${baseUrl}", or set SLIPWAY_API_KEY.`,
    );
  return { baseUrl, apiKey };
}

/** Stores a key and makes its host the current one. */
export async function storeCredentials(
  { baseUrl, apiKey }: Credentials,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const file = credentialsFile(env);
  const stored = readStored(env) ?? { current: baseUrl, hosts: {} };
  const next: Stored = { current: baseUrl, hosts: { ...stored.hosts, [baseUrl]: { apiKey } } };
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, file);
  return file;
}
