import { createHash, randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { parseConfig } from '@/core/templates';
import type { ResourceId, RoleName } from '@/core/wire';
import type { AgentActor, UserActor } from '../access/actor';
import type { Prisma } from '../db/generated/client';
import type { Services } from '../services';

let counter = 0;
const unique = (prefix: string) => `${prefix}-${++counter}-${randomBytes(3).toString('hex')}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest();

export interface SeededUser {
  id: string;
  name: string;
  email: string;
  password: string;
  /** The user's own space: an entity of the user's name. */
  entity: SeededEntity;
  actor: UserActor;
}
export interface SeededEntity {
  id: string;
  name: string;
}

/** A user with a space of its own. The password is hashed with the least cost: tests are not attacked. */
export async function seedUser(
  { prisma }: Services,
  {
    name = unique('user'),
    isAdmin = false,
    password = 'correct horse battery',
  }: { name?: string; isAdmin?: boolean; password?: string } = {},
): Promise<SeededUser> {
  const email = `${name.toLowerCase()}@example.com`;
  const passwordHash = await hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  const user = await prisma.user.create({ data: { email, name, isAdmin, passwordHash } });
  const entity = await prisma.entity.create({
    data: { name, kind: 'user', memberships: { create: { userId: user.id, role: 'admin' } } },
  });
  return {
    id: user.id,
    name,
    email,
    password,
    entity: { id: entity.id, name },
    actor: { kind: 'user', userId: user.id, name, email, isAdmin, via: 'api-key' },
  };
}

/** A team with members by role. */
export async function seedTeam(
  { prisma }: Services,
  members: { user: SeededUser; role: RoleName }[] = [],
  name = unique('team'),
): Promise<SeededEntity> {
  const memberships = { create: members.map(({ user, role }) => ({ userId: user.id, role })) };
  const entity = await prisma.entity.create({ data: { name, kind: 'team', memberships } });
  return { id: entity.id, name };
}

/** An API key of the user, as the server would have made it. */
export async function seedApiKey(
  { prisma }: Services,
  user: SeededUser,
  { expiresAt = null }: { expiresAt?: Date | null } = {},
): Promise<string> {
  const key = `slw_key_${randomBytes(32).toString('base64url')}`;
  await prisma.apiKey.create({
    data: { userId: user.id, name: unique('key'), prefix: key.slice(0, 14), hash: sha256(key), expiresAt },
  });
  return key;
}

export interface SeededAgentToken {
  id: string;
  token: string;
  actor: AgentActor;
}
/** An agent token of the entity, for some queues or (none named) for all. */
export async function seedAgentToken(
  { prisma }: Services,
  entity: SeededEntity,
  { queueIds = [], expiresAt = null }: { queueIds?: string[]; expiresAt?: Date | null } = {},
): Promise<SeededAgentToken> {
  const token = `slw_agent_${randomBytes(32).toString('base64url')}`;
  const name = unique('token');
  const row = await prisma.agentToken.create({
    data: { entityId: entity.id, name, prefix: token.slice(0, 16), hash: sha256(token), queueIds, expiresAt },
  });
  return {
    id: row.id,
    token,
    actor: {
      kind: 'agent',
      tokenId: row.id,
      tokenName: name,
      entityId: entity.id,
      entity: entity.name,
      queueIds,
    },
  };
}

export interface SeedQueueOptions {
  name?: string;
  resource?: ResourceId;
  prioritized?: boolean;
  maxInFlight?: number | null;
  retryPolicy?: Record<string, unknown>;
  /** The configuration, in YAML. */
  source?: string;
  templates?: Record<string, unknown>;
  startTimeoutSeconds?: number;
  overrideAllow?: string[];
}
export interface SeededQueue {
  id: string;
  name: string;
  entity: SeededEntity;
}

/** A queue with one version, its configuration parsed as the server would; by default an empty one. */
export async function seedQueue(
  { prisma }: Services,
  entity: SeededEntity,
  options: SeedQueueOptions = {},
): Promise<SeededQueue> {
  const { name = unique('queue'), resource = 'local-container', source = '', templates = {} } = options;
  const { tree } = parseConfig({ resource, format: 'yaml', source });
  const queue = await prisma.queue.create({
    data: {
      entityId: entity.id,
      name,
      resource,
      prioritized: options.prioritized ?? false,
      maxInFlight: options.maxInFlight ?? null,
      retryPolicy: (options.retryPolicy ?? {}) as Prisma.InputJsonObject,
      overrideAllow: options.overrideAllow ?? [],
      startTimeoutSeconds: options.startTimeoutSeconds ?? 1800,
      versions: {
        create: {
          version: 1,
          format: 'yaml',
          source,
          tree: tree as unknown as Prisma.InputJsonValue,
          templates: templates as Prisma.InputJsonObject,
          author: 'seed',
        },
      },
    },
  });
  return { id: queue.id, name, entity };
}
