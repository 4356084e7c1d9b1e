import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Actor } from '../access';
import type { Services } from '../services';

/** What the handlers share within one request. `env` holds Node's own objects; absent where a test calls the app in process. */
export interface HttpEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** Pattern of the matched call, for metrics: `/api/v1/runs/{id}`. */
    route: string | undefined;
    actor: Actor | undefined;
    /** Status of an answer that was written past the framework. */
    sent: number | undefined;
  };
}
export type HttpContext = Context<HttpEnv>;

/** What outlives a request and is shared by all of them. */
export interface HttpShared {
  services: Services;
  /** Aborted when the server begins to shut down: long polls and streams end. */
  shutdown: AbortSignal;
}
