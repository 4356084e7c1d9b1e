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

/** Errors of pg carry their client with all its statements, which is of no use here and may hold values. */
function describeError(error: Error): object {
  const { client: _client, ...rest } = stdSerializers.err(error) as ReturnType<typeof stdSerializers.err> & {
    client?: unknown;
  };
  return rest;
}

/** JSON lines on stdout. Secrets do not get there by redaction alone: nothing logs requests' bodies or headers in the first place. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: undefined,
    serializers: { err: describeError },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
  });
}
