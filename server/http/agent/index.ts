import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  heartbeatAnswerSchema,
  heartbeatRequestSchema,
  leaseAnswerSchema,
  leaseRequestSchema,
  logAnswerSchema,
  logRequestSchema,
  logStreamSchema,
  registerSchema,
  registeredSchema,
  reportAnswerSchema,
  reportRequestSchema,
  reportsAnswerSchema,
  reportsRequestSchema,
  sha256Schema,
} from '@/core/wire';
import { downloadForAgent } from '../../artifacts';
import { registerAgent } from '../../agents';
import { appendLog, heartbeat, leaseRuns, reportEvents, reportMany } from '../../runs';
import { readBytes } from '../body';
import { endpoint } from '../endpoint';
import { whileWaiting } from '../long-poll';
import { problemDocument } from '../problem';
import { check } from '../validate';
import { runParams } from '../v1/params';

const BYTES = 'application/octet-stream';
/** Where a chunk belongs, when its bytes are the whole body. */
const rawLogQuerySchema = z.object({
  attempt: z.coerce.number().int(),
  stream: logStreamSchema,
  offset: z.coerce.number().int().min(0),
  cursor: z.string().max(4000).optional(),
  source: z.string().min(1).max(253).optional(),
});

export const agentSideEndpoints = [
  endpoint({
    method: 'post',
    path: '/api/agent/v1/agents',
    tag: 'For agents',
    caller: 'agent',
    summary: 'Register an agent; the same instanceId is the same agent',
    body: registerSchema,
    answer: registeredSchema,
    handle: ({ services, actor, body }) => registerAgent(services, actor, body),
  }),
  endpoint({
    method: 'post',
    path: '/api/agent/v1/lease',
    tag: 'For agents',
    caller: 'agent',
    summary: 'Take runs; waits for some when there are none',
    body: leaseRequestSchema,
    answer: leaseAnswerSchema,
    handle: ({ services, actor, body, c, shared }) =>
      whileWaiting(c, shared, body.waitSeconds > 0, (signal) => leaseRuns(services, actor, body, signal)),
  }),
  endpoint({
    method: 'post',
    path: '/api/agent/v1/heartbeat',
    tag: 'For agents',
    caller: 'agent',
    summary: 'Renew leases; brings stops and commands',
    body: heartbeatRequestSchema,
    answer: heartbeatAnswerSchema,
    handle: ({ services, actor, body }) => heartbeat(services, actor, body),
  }),
  endpoint({
    method: 'post',
    path: '/api/agent/v1/runs/{id}/events',
    tag: 'For agents',
    caller: 'agent',
    summary: 'Report what happens to a run; idempotent by seq',
    params: runParams,
    body: reportRequestSchema,
    answer: reportAnswerSchema,
    handle: ({ services, actor, params, body }) =>
      reportEvents(services, actor, { runId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/api/agent/v1/events',
    tag: 'For agents',
    caller: 'agent',
    summary: 'Report what happens to many runs at once',
    description:
      'Each report is taken or refused by itself, as if it had come alone; the results are in the order of the reports. A repeated call changes nothing.',
    body: reportsRequestSchema,
    answer: reportsAnswerSchema,
    handle: async ({ services, actor, body }) => ({
      results: (await reportMany(services, actor, body.reports)).map((outcome) =>
        outcome.ok
          ? { answer: outcome.answer, problem: null }
          : { answer: null, problem: problemDocument(outcome.problem) },
      ),
    }),
  }),
  endpoint({
    method: 'post',
    path: '/api/agent/v1/runs/{id}/logs',
    tag: 'For agents',
    caller: 'agent',
    summary: 'Append to the log of a run; idempotent by offset',
    description: `As JSON, or as bytes (\`${BYTES}\`) with \`attempt\`, \`stream\`, \`offset\` and \`cursor\` in the query.`,
    params: runParams,
    query: rawLogQuerySchema.partial(),
    body: logRequestSchema,
    allowNul: true,
    rawBody: { type: BYTES, description: 'The bytes of the chunk' },
    answer: logAnswerSchema,
    handle: async ({ services, actor, params, query, body, c }) => {
      // `body` is undefined when the body is raw.
      const chunk = (body as typeof body | undefined) ?? {
        ...check(rawLogQuerySchema, query, 'The query'),
        data: await readBytes(c),
      };
      return appendLog(services, actor, { runId: params.id, ...chunk });
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/agent/v1/artifacts/{sha256}',
    tag: 'For agents',
    caller: 'agent',
    summary: 'The archive of code of a run that the agent has leased',
    params: z.object({ sha256: sha256Schema }),
    answer: null,
    status: 200,
    rawAnswer: { type: 'application/gzip', description: 'A gzip-compressed tar archive' },
    answerHeaders: { 'Content-Length': 'its size in bytes' },
    handle: async ({ services, actor, params, c }) => {
      const { size, stream } = await downloadForAgent(services, actor, params);
      return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
        'Content-Type': 'application/gzip',
        'Content-Length': String(size),
        'Cache-Control': 'no-store',
      });
    },
  }),
];
