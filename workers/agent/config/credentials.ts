import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileIfExists } from '../support/files';
import { AgentUsageError } from './errors';

export interface AgentCredentials {
  baseUrl: string;
  token: string;
}

/** What `slipway login` keeps, keys by base URL. */
const storedSchema = z.object({
  current: z.string(),
  hosts: z.record(z.string(), z.object({ apiKey: z.string() })),
});

/**
 * Server and token: `SLIPWAY_BASE_URL` and `SLIPWAY_AGENT_TOKEN` (else `SLIPWAY_API_KEY`), what is missing from what `slipway login` stored.
 *
 * @throws AgentUsageError that names what to set
 */
export async function findAgentCredentials(env: NodeJS.ProcessEnv): Promise<AgentCredentials> {
  const stored = await readStored(env);
  const address = env['SLIPWAY_BASE_URL'] || stored?.current;
  if (!address) {
    throw new AgentUsageError(
      'No server is known. Set SLIPWAY_BASE_URL and SLIPWAY_AGENT_TOKEN, or run "slipway login --host URL".',
    );
  }
  const baseUrl = address.replace(/\/+$/, '');
  if (!/^https?:\/\/[^/]/.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new AgentUsageError(
      `SLIPWAY_BASE_URL must be an address such as https://slipway.example.com, not "${baseUrl}".`,
    );
  }
  const token = env['SLIPWAY_AGENT_TOKEN'] || env['SLIPWAY_API_KEY'] || stored?.hosts[baseUrl]?.apiKey;
  if (!token) {
    throw new AgentUsageError(
      `No token is known for ${baseUrl}. Make an agent token in the browser (Agents, Add agent) and set SLIPWAY_AGENT_TOKEN.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new AgentUsageError(
      'The agent token holds a space, a line break or another character that a token never has.',
    );
  }
  return { baseUrl, token };
}

async function readStored(env: NodeJS.ProcessEnv): Promise<z.infer<typeof storedSchema> | null> {
  const path = join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'slipway', 'credentials.json');
  const text = await readFileIfExists(path);
  if (text === null) return null;
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch {
    throw new AgentUsageError(`${path} cannot be read. Run "slipway login" again.`);
  }
}
