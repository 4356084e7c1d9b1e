import path from 'node:path';
import { z } from 'zod';
import { newAgentTokenSchema } from '@/core/wire';
import { AgentRequestError } from '../client';
import { createPost, type HttpOptions } from '../client/http';
import { readFileIfExists, writeFileAtomic } from '../support/files';
import { AgentUsageError } from './errors';

/** An API key acts as its user; agents sign in with tokens of their own. */
export const isApiKey = (token: string): boolean => token.startsWith('slw_key_');

/** For whom a kept token is: anything else asks for a new one. */
const scopeSchema = z.object({ baseUrl: z.string(), entity: z.string(), queues: z.array(z.string()) });
const keptSchema = z.object({ scope: scopeSchema, token: z.string(), expiresAt: z.iso.datetime() });
const FILE = 'agent-token.json';
const DAYS = 30;
/** A kept token is used while it is good for a day more. */
const MARGIN_MS = 86_400_000;

interface Exchange extends HttpOptions {
  entity: string | undefined;
  queues: string[];
  hostname: string;
  stateDirectory: string;
}

/**
 * The agent token that a user's API key stands for: the one kept in the state directory, else a new one for these queues, good for 30
 * days. Making one needs the role admin in the entity.
 *
 * @throws AgentUsageError with the server's own words where it refuses
 */
export async function exchangeApiKey({
  entity,
  queues,
  hostname,
  stateDirectory,
  ...http
}: Exchange): Promise<string> {
  if (entity === undefined)
    throw new AgentUsageError('With an API key, name the entity of the queues with -e.');
  const scope = { baseUrl: http.baseUrl, entity, queues: [...queues].sort() };
  const file = path.join(stateDirectory, FILE);
  const kept = await readKept(file);
  const isGood = kept !== null && JSON.stringify(kept.scope) === JSON.stringify(scope);
  if (isGood && Date.parse(kept.expiresAt) - Date.now() > MARGIN_MS) return kept.token;
  const body = { name: `launch-agent on ${hostname}`.slice(0, 100), queues, expiresInDays: DAYS };
  try {
    const call = createPost(http);
    const made = await call(
      `/api/v1/entities/${encodeURIComponent(entity)}/agent-tokens`,
      body,
      newAgentTokenSchema,
    );
    await writeFileAtomic(file, JSON.stringify({ scope, token: made.token, expiresAt: made.expiresAt }));
    return made.token;
  } catch (error) {
    if (!(error instanceof AgentRequestError)) throw error;
    const remedy =
      'Have an admin make an agent token in the browser (Agents, Add agent) and set SLIPWAY_AGENT_TOKEN.';
    throw new AgentUsageError(`No agent token could be made with the API key: ${error.message} ${remedy}`);
  }
}

async function readKept(file: string): Promise<z.infer<typeof keptSchema> | null> {
  const text = await readFileIfExists(file);
  if (text === null) return null;
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    return null; // an unreadable file costs one more token, no more
  }
}
