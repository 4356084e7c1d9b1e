import { LRUCache } from 'lru-cache';
import { busCache } from '../cache';
import type { Services } from '../services';
import type { AgentActor, UserActor } from './actor';
import { AGENT_TOKEN_PREFIX, API_KEY_PREFIX, hashToken } from './tokens';

interface Credential {
  actor: UserActor | AgentActor;
  /** Row of api_keys or agent_tokens. */
  id: string;
  expiresAt: number;
}
interface SessionUser {
  actor: UserActor;
  sessionVersion: number;
}

const dropOn = ({ type }: { type: string }) => type === 'credentials';
const credentials = busCache<Credential>({ max: 10_000, ttlMs: 2000, dropOn });
const sessions = busCache<SessionUser>({ max: 10_000, ttlMs: 2000, dropOn });

const TOUCH_EVERY_MS = 60_000;
/** When this process last wrote the time of use of a credential. */
const touched = new LRUCache<string, true>({ max: 50_000, ttl: TOUCH_EVERY_MS });

/** No token of ours is longer; longer ones are not even hashed. */
const MAX_TOKEN = 200;

/**
 * Who a bearer token stands for; null when it is unknown, expired or revoked, or its user is disabled. `host` is where it is called
 * from, shown in the list of tokens and keys.
 */
export async function authenticateBearer(
  s: Services,
  token: string,
  from: { host?: string | undefined } = {},
): Promise<UserActor | AgentActor | null> {
  if (token.length > MAX_TOKEN) return null;
  const load = token.startsWith(AGENT_TOKEN_PREFIX)
    ? loadAgentToken
    : token.startsWith(API_KEY_PREFIX)
      ? loadApiKey
      : null;
  if (!load) return null;
  const hash = hashToken(token);
  const credential = await credentials(s).get(hash.toString('base64'), () => load(s, hash));
  if (!credential || credential.expiresAt <= Date.now()) return null;
  touch(s, credential, from.host);
  return credential.actor;
}

/** The user of a browser session, if the session has not been ended since; null otherwise. */
export async function sessionActor(
  s: Services,
  userId: string,
  sessionVersion: number,
): Promise<UserActor | null> {
  const user = await sessions(s).get(userId, () => loadSessionUser(s, userId));
  return user?.sessionVersion === sessionVersion ? user.actor : null;
}

async function loadApiKey(s: Services, hash: Buffer): Promise<Credential | undefined> {
  const { rows } = await s.pool.query<{
    id: string;
    expires_at: Date | null;
    user_id: string;
    name: string;
    email: string;
    is_admin: boolean;
  }>(
    `SELECT k.id, k.expires_at, u.id AS user_id, u.name, u.email, u.is_admin
     FROM api_keys k JOIN users u ON u.id = k.user_id
     WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.disabled_at IS NULL`,
    [hash],
  );
  const row = rows[0];
  if (!row) return undefined;
  const actor: UserActor = {
    kind: 'user',
    userId: row.user_id,
    name: row.name,
    email: row.email,
    isAdmin: row.is_admin,
    via: 'api-key',
  };
  return { actor, id: row.id, expiresAt: row.expires_at?.getTime() ?? Infinity };
}

async function loadAgentToken(s: Services, hash: Buffer): Promise<Credential | undefined> {
  const { rows } = await s.pool.query<{
    id: string;
    name: string;
    expires_at: Date | null;
    entity_id: string;
    entity: string;
    queue_ids: string[];
  }>(
    `SELECT t.id, t.name, t.expires_at, t.entity_id, e.name AS entity, t.queue_ids
     FROM agent_tokens t JOIN entities e ON e.id = t.entity_id
     WHERE t.hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())`,
    [hash],
  );
  const row = rows[0];
  if (!row) return undefined;
  const actor: AgentActor = {
    kind: 'agent',
    tokenId: row.id,
    tokenName: row.name,
    entityId: row.entity_id,
    entity: row.entity,
    queueIds: row.queue_ids,
  };
  return { actor, id: row.id, expiresAt: row.expires_at?.getTime() ?? Infinity };
}

async function loadSessionUser(s: Services, userId: string): Promise<SessionUser | undefined> {
  const { rows } = await s.pool.query<{
    name: string;
    email: string;
    is_admin: boolean;
    session_version: number;
  }>('SELECT name, email, is_admin, session_version FROM users WHERE id = $1 AND disabled_at IS NULL', [
    userId,
  ]);
  const row = rows[0];
  if (!row) return undefined;
  return {
    actor: { kind: 'user', userId, name: row.name, email: row.email, isAdmin: row.is_admin, via: 'session' },
    sessionVersion: row.session_version,
  };
}

/** Notes the use of a credential, at most once a minute, beside the call: its failure is logged and hurts nobody. */
function touch(s: Services, { id, actor }: Credential, host: string | undefined): void {
  if (touched.has(id)) return;
  touched.set(id, true);
  const table = actor.kind === 'agent' ? 'agent_tokens' : 'api_keys';
  const written = s.pool.query(
    `UPDATE ${table} SET last_used_at = now(), last_used_host = coalesce($2, last_used_host) WHERE id = $1`,
    [id, host ?? null],
  );
  written.catch((error: unknown) => {
    touched.delete(id);
    s.log.warn({ err: error }, 'the time of use of a credential was not written');
  });
}
