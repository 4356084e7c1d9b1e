import { z } from 'zod';
import { CloudError, type GcpEnvironment } from '../../environments';
import { commonError } from '../../environments/errors';
import { withTimeout } from '../../support/abort';
import type { Pace } from '../remote/pace';

/** No answer for so long is a failure, milliseconds. */
const TIMEOUT_MS = 60_000;

/** Google's form of an error. */
const errorSchema = z.object({
  error: z.object({ message: z.string().default(''), status: z.string().default('') }).catchall(z.unknown()),
});

export interface RestCall {
  method: 'GET' | 'POST';
  url: string;
  /** JSON, as it is sent. */
  body?: string;
  /** For the message of an error: as in "could not …", and the right that is needed. */
  doing: string;
  permission: string;
}

/** Calls Google's REST interfaces with the agent's credentials, one kind of call at its pace. */
export class GoogleRest {
  constructor(private readonly environment: GcpEnvironment) {}

  /** @throws CloudError; `space` when a quota of resources (not of calls) is used up */
  async call<T>(schema: z.ZodType<T>, call: RestCall, pace: Pace, signal: AbortSignal): Promise<T> {
    await pace.turn(signal);
    const token = await this.environment.token(signal);
    let status: number;
    let text: string;
    try {
      const response = await fetch(call.url, {
        method: call.method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: call.body ?? null,
        signal: withTimeout(signal, TIMEOUT_MS),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw (
        commonError(error, 'Google Cloud', call, undefined) ??
        new CloudError('unavailable', `Could not ${call.doing}: Google Cloud cannot be reached.`, {
          cause: error,
        })
      );
    }
    if (status >= 200 && status < 300) return schema.parse(text === '' ? {} : JSON.parse(text));
    const error = toCloudError(text, status, call);
    if (error.reason === 'rate-limited') pace.throttled();
    throw error;
  }
}

function toCloudError(text: string, status: number, { doing, permission }: RestCall): CloudError {
  const { message, status: code } = parseError(text);
  const make = (reason: CloudError['reason'], why: string) =>
    new CloudError(reason, `Could not ${doing}: ${why}`, { permission });
  if (status === 429 && /quota/i.test(message) && !/per minute|rate|requests/i.test(message)) {
    return make('space', `a quota of the project is used up. Google Cloud said: ${message}`);
  }
  if (status === 401)
    return make('credentials', `Google Cloud does not accept the agent's credentials: ${message}`);
  if (status === 404) return make('not-found', message || 'it is not there.');
  if (status === 400 || status === 409)
    return make('config', `Google Cloud refused the request: ${message} (${code || status})`);
  // Google names the permission that is missing, which may be another one (iam.serviceAccounts.actAs).
  const named = /[Pp]ermission '?([\w.]+\.[\w.]+)'? (?:denied|required)/.exec(message)?.[1];
  const action = { doing, permission: named ?? permission };
  return (
    commonError(new Error(message), 'Google Cloud', action, status) ??
    make('unavailable', `status ${status}: ${message}`)
  );
}

function parseError(text: string): { message: string; status: string } {
  try {
    return errorSchema.parse(JSON.parse(text)).error;
  } catch {
    return {
      message: text
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 300),
      status: '',
    };
  }
}
