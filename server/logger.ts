import { pino, stdSerializers } from 'pino';
import type { Logger } from 'pino';

/** Wherever one of these names appears in what is logged, at the top or one level down, its value is not. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'password',
  'passwordHash',
  'token',
  'key',
  'secret',
  'secrets',
  'env',
  'connectionString',
  'databaseUrl',
  'redisUrl',
];

/** JSON lines on stdout. Secrets do not get there by redaction alone: nothing logs requests' bodies or headers in the first place. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: undefined,
    serializers: { err: stdSerializers.err },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
  });
}
