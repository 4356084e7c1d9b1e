import type { z } from 'zod';
import type { Actor, AgentActor, UserActor } from '../access';
import type { Services } from '../services';
import type { HttpContext, HttpShared } from './types';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** Who may call: a person (API key or browser session), an agent (agent token), or anyone. */
export type Caller = 'user' | 'agent' | 'anyone';
type ActorOf<W extends Caller> = W extends 'user' ? UserActor : W extends 'agent' ? AgentActor : null;
type Output<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined;

/** An answer whose status or headers are not the declared ones. */
export class Reply<T> {
  constructor(
    readonly status: 200 | 201 | 202,
    readonly body: T,
    readonly headers: Record<string, string> = {},
  ) {}
}

/** What a handler gets: everything checked, and the raw request for the few that need it. */
export interface Call<
  W extends Caller,
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
> {
  services: Services;
  shared: HttpShared;
  actor: ActorOf<W>;
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
  c: HttpContext;
}

/** How an answer that is not JSON is described. */
export interface RawContent {
  type: string;
  description: string;
}

export interface EndpointSpec<
  W extends Caller = Caller,
  P extends z.ZodType | undefined = z.ZodType | undefined,
  Q extends z.ZodType | undefined = z.ZodType | undefined,
  B extends z.ZodType | undefined = z.ZodType | undefined,
  A extends z.ZodType | null = z.ZodType | null,
> {
  method: Method;
  /** Whole path, parameters in braces: `/api/v1/runs/{id}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  caller: W;
  params?: P;
  query?: Q;
  /** Schema of the JSON body. */
  body?: B;
  /** The body may also be (or is only) of another kind, and the handler reads it itself. */
  rawBody?: RawContent;
  /** Text of the body may hold NUL characters. */
  allowNul?: boolean;
  /** Schema of the JSON answer; null for an answer without a body (204) or one described by `rawAnswer`. */
  answer: A;
  rawAnswer?: RawContent;
  /** Status of the answer: 200 unless said, 204 where there is no body. */
  status?: 200 | 201 | 204;
  /** Other good statuses with the same body, and when they are sent. */
  alsoStatus?: Record<number, string>;
  /** Request headers the handler reads. */
  headers?: Record<string, string>;
  /** Headers of the answer. */
  answerHeaders?: Record<string, string>;
  handle: (
    call: Call<W, P, Q, B>,
  ) => A extends z.ZodType
    ? Promise<z.output<A> | Reply<z.output<A>> | Response>
    : Promise<void> | Promise<Response>;
}

/** One call of the interface with its types forgotten, as the list of all of them holds it. */
export interface Endpoint extends Omit<EndpointSpec, 'handle' | 'answer'> {
  answer: z.ZodType | null;
  handle: (call: {
    services: Services;
    shared: HttpShared;
    actor: Actor | null;
    params: unknown;
    query: unknown;
    body: unknown;
    c: HttpContext;
  }) => Promise<unknown>;
}

/** Declares a call: checks, types, the document and the route all follow from it. */
export function endpoint<
  W extends Caller,
  A extends z.ZodType | null,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: EndpointSpec<W, P, Q, B, A>): Endpoint {
  return spec as unknown as Endpoint;
}
