import path from 'node:path';
import { z } from 'zod';
import { parseStoreLocation } from '@/core/stores';

const flag = z.enum(['true', 'false', '1', '0', '']).transform((value) => value === 'true' || value === '1');
const seconds = (fallback: number) => z.coerce.number().positive().default(fallback);
/** `ID:BASE64,ID:BASE64`: the first key encrypts, all of them decrypt. */
const secretKeys = z.string().transform((text, ctx) => {
  const keys = text.split(',').map((entry) => {
    const [id = '', encoded = ''] = entry.trim().split(':');
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  if (keys.some(({ id, key }) => !/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length !== 32)) {
    ctx.addIssue({
      code: 'custom',
      message: 'expected ID:KEY[,ID:KEY…] with keys of 32 bytes in base64 (openssl rand -base64 32)',
    });
  }
  return keys;
});

/** Over which protocols refs of git are looked up; `local` allows hosts that are this machine itself. */
const gitResolve = z.string().transform((text, ctx) => {
  const parts = text.split(',').map((part) => part.trim());
  const known = ['https', 'http', 'file', 'local'] as const;
  if (text.trim() === 'off') return [];
  const chosen = known.filter((name) => parts.includes(name));
  if (chosen.length === parts.length) return chosen;
  ctx.addIssue({
    code: 'custom',
    message: `expected off, or some of ${known.join(', ')}, separated by commas`,
  });
  return z.NEVER;
});

/** A directory, or a bucket or container with a path in it. */
const storeLocation = z.string().transform((text, ctx) => {
  const location = parseStoreLocation(text);
  if (location) return location;
  ctx.addIssue({
    code: 'custom',
    message:
      'expected a whole path such as /var/lib/slipway/blobs, or s3://BUCKET/PATH, gs://BUCKET/PATH, https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH',
  });
  return z.NEVER;
});

/** Every variable that server and worker read. Names without prefix are those of other tools. */
export const serverEnvSchema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** How browsers and agents reach the server; cookies are `Secure` when it is https. */
  SLIPWAY_BASE_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'),
  SLIPWAY_HOST: z.string().default('127.0.0.1'),
  SLIPWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Signs browser sessions; 32 characters at least. */
  NEXTAUTH_SECRET: z.string().min(32),
  SLIPWAY_SECRET_KEYS: secretKeys,
  /** Whoever makes the first administrator must know it. Set it wherever strangers can reach the server before you do. */
  SLIPWAY_SETUP_TOKEN: z.string().min(16).max(200).optional(),
  /** Where a reverse proxy puts the client's address in X-Forwarded-For; off: the socket's address counts. */
  SLIPWAY_TRUST_PROXY: flag.default(false),
  SLIPWAY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SLIPWAY_LEASE_SECONDS: seconds(30),
  SLIPWAY_HEARTBEAT_SECONDS: seconds(5),
  SLIPWAY_AGENT_LOST_SECONDS: seconds(600),
  SLIPWAY_MAX_LOG_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(64 * 1024 * 1024),
  /** A finished log moves from the database to the blob store after so many hours; 0: never. */
  SLIPWAY_LOG_ARCHIVE_HOURS: z.coerce.number().int().min(0).default(24),
  SLIPWAY_RETENTION_DAYS: z.coerce.number().int().min(1).default(90),
  /** Where uploaded code is kept. Several servers need the same store: a bucket, or a directory that all of them see. */
  SLIPWAY_BLOB_STORE: storeLocation.prefault(() => path.resolve('.slipway/blobs')),
  SLIPWAY_GIT_RESOLVE: gitResolve.prefault('https'),
  /** How long a server that was told to stop goes on taking requests, while /readyz says no: until every balancer has noticed. */
  SLIPWAY_DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(0),
  SLIPWAY_DB_POOL: z.coerce.number().int().min(2).max(500).default(20),
  /** Calls a second that one person's keys and sessions may make, twice as many in a burst; 0: no limit. */
  SLIPWAY_RATE_LIMIT: z.coerce.number().int().min(0).default(20_000),
  /** Runs that may wait at once; launches beyond are refused until some have started. 0: no limit. */
  SLIPWAY_MAX_WAITING_PER_QUEUE: z.coerce.number().int().min(0).default(5_000_000),
  SLIPWAY_MAX_WAITING_PER_ENTITY: z.coerce.number().int().min(0).default(20_000_000),
  /** Opens /metrics to whoever sends it as a bearer token; without it only this machine may read them. */
  SLIPWAY_METRICS_TOKEN: z.string().min(16).optional(),
  /** OpenID Connect; all three or none. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
});
export type ServerConfig = z.infer<typeof serverEnvSchema>;

const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

/** Reads the environment; a wrong variable stops the process with its name and what was expected. Empty counts as absent. */
export function readServerConfig(env: Record<string, string | undefined>): ServerConfig {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = serverEnvSchema.safeParse(present);
  const lines = parsed.error?.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`) ?? [];
  const absent = OIDC.filter((name) => present[name] === undefined);
  if (absent.length > 0 && absent.length < OIDC.length)
    lines.push(`  ${absent.join(', ')}: must be set too; OpenID Connect needs all of ${OIDC.join(', ')}`);
  if (parsed.success && lines.length === 0) return parsed.data;
  throw new Error(`The configuration of the server is not usable:\n${lines.join('\n')}`);
}
