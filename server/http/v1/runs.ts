import { Readable } from 'node:stream';
import { z } from 'zod';
import { refused } from '@/core/problems';
import {
  batchAnswerSchema,
  batchLaunchSchema,
  bulkAnswerSchema,
  bulkSchema,
  launchSchema,
  logDownloadQuerySchema,
  logLinesAnswerSchema,
  logLinesQuerySchema,
  logOutlineSchema,
  logQuerySchema,
  logSearchAnswerSchema,
  logSearchQuerySchema,
  logStreamSchema,
  pageOf,
  pageQuerySchema,
  runEventSchema,
  runListQuerySchema,
  runSchema,
  runSubmissionSchema,
  runSummarySchema,
  updateRunSchema,
} from '@/core/wire';
import {
  bulkRuns,
  downloadLog,
  enqueueBatch,
  enqueueRun,
  getRun,
  listRunEvents,
  listRuns,
  listSubmissions,
  logOutline,
  readLines,
  readLog,
  requeueRun,
  searchLog,
  stopRun,
  updateRun,
} from '../../runs';
import { Reply, endpoint } from '../endpoint';
import { entityParams, queueParams, runParams, whole } from './params';

const QUEUE = '/api/v1/entities/{entity}/queues/{queue}';
const RUN = '/api/v1/runs/{id}';
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

export const runEndpoints = [
  endpoint({
    method: 'post',
    path: `${QUEUE}/runs`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Launch a run',
    params: queueParams,
    body: launchSchema,
    answer: runSchema,
    status: 201,
    headers: { 'Idempotency-Key': '1 to 200 printable characters: the same key gives the same run' },
    alsoStatus: { 200: 'The run that an earlier call with this Idempotency-Key made' },
    handle: async ({ services, actor, params, body, c }) => {
      const idempotencyKey = c.req.header('idempotency-key');
      if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
        throw refused('The Idempotency-Key is not accepted.', [
          { path: 'Idempotency-Key', message: 'must be 1 to 200 printable ASCII characters without spaces' },
        ]);
      }
      const { run, created } = await enqueueRun(services, actor, { ...params, launch: body, idempotencyKey });
      return new Reply(created ? 201 : 200, run, { Location: `/api/v1/runs/${run.id}` });
    },
  }),
  endpoint({
    method: 'post',
    path: `${QUEUE}/runs/batch`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Launch up to 1000 runs, all or none',
    params: queueParams,
    body: batchLaunchSchema,
    answer: batchAnswerSchema,
    status: 201,
    handle: ({ services, actor, params, body }) => enqueueBatch(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/api/v1/entities/{entity}/runs',
    tag: 'Runs',
    caller: 'user',
    summary: 'Runs of an entity',
    params: entityParams,
    query: runListQuerySchema,
    answer: pageOf(runSummarySchema),
    handle: ({ services, actor, params, query }) => listRuns(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/entities/{entity}/runs/bulk',
    tag: 'Runs',
    caller: 'user',
    summary: 'Stop, requeue or prioritise many runs',
    description:
      'Give `ids` or `filter`. Each run has its own result; one that is refused does not stop the others.',
    params: entityParams,
    body: bulkSchema,
    answer: bulkAnswerSchema,
    handle: ({ services, actor, params, body }) => bulkRuns(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'get',
    path: RUN,
    tag: 'Runs',
    caller: 'user',
    summary: 'A run',
    params: runParams,
    answer: runSchema,
    handle: ({ services, actor, params }) => getRun(services, actor, params),
  }),
  endpoint({
    method: 'patch',
    path: RUN,
    tag: 'Runs',
    caller: 'user',
    summary: 'Change name or priority of a waiting run',
    params: runParams,
    body: updateRunSchema,
    answer: runSchema,
    handle: ({ services, actor, params, body }) => updateRun(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: `${RUN}/stop`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Stop a run',
    description:
      'A running program gets SIGTERM and, after the grace time, SIGKILL. `force` ends a run whose agent is gone.',
    params: runParams,
    body: z.object({ force: z.boolean().default(false) }).strict(),
    answer: runSchema,
    handle: ({ services, actor, params, body }) => stopRun(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: `${RUN}/requeue`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Put an ended run back, at the end of its queue',
    params: runParams,
    answer: runSchema,
    handle: ({ services, actor, params }) => requeueRun(services, actor, params),
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/events`,
    tag: 'Runs',
    caller: 'user',
    summary: 'What happened to a run, oldest first',
    params: runParams,
    query: pageQuerySchema,
    answer: pageOf(runEventSchema),
    handle: ({ services, actor, params, query }) => listRunEvents(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/logs`,
    tag: 'Runs',
    caller: 'user',
    summary: 'The log from a byte offset on',
    params: runParams,
    query: logQuerySchema.extend({ stream: logStreamSchema.optional() }),
    answer: null,
    status: 200,
    rawAnswer: {
      type: 'text/plain',
      description: 'Bytes of the log as the program wrote them, ANSI colours included',
    },
    answerHeaders: {
      'Log-Next-Offset': 'where the next read begins',
      'Log-Complete': '`true` when the run has ended and this is the end of its log',
    },
    handle: async ({ services, actor, params, query, c }) => {
      const piece = await readLog(services, actor, { ...params, ...query });
      return c.body(piece.data as Uint8Array<ArrayBuffer>, 200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
        'Log-Next-Offset': String(piece.nextOffset),
        'Log-Complete': String(piece.complete),
      });
    },
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/logs/lines`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Lines of the log, from any line on',
    description:
      'Without `from` the last lines come. A line that a progress bar draws again and again comes in its last state.',
    params: runParams,
    query: logLinesQuerySchema,
    answer: logLinesAnswerSchema,
    handle: ({ services, actor, params, query }) => readLines(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/logs/outline`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Phases, groups and writers of the log',
    description:
      'Groups begin at lines such as `--- title` (folded), `+++ title` (open) and `~~~ title` (quiet).',
    params: runParams,
    answer: logOutlineSchema,
    handle: ({ services, actor, params }) => logOutline(services, actor, params),
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/logs/download`,
    tag: 'Runs',
    caller: 'user',
    summary: 'The log as a file',
    params: runParams,
    query: logDownloadQuerySchema,
    answer: null,
    status: 200,
    rawAnswer: { type: 'text/plain', description: 'The log, or what passes the filter' },
    handle: async ({ services, actor, params, query, c }) => {
      const pieces = await downloadLog(services, actor, { ...params, ...query });
      return c.body(Readable.toWeb(Readable.from(pieces)) as ReadableStream<Uint8Array>, 200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': `attachment; filename="${params.id}.log"`,
        'Cache-Control': 'no-store',
      });
    },
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/logs/search`,
    tag: 'Runs',
    caller: 'user',
    summary: 'Search the whole log',
    params: runParams,
    query: logSearchQuerySchema,
    answer: logSearchAnswerSchema,
    handle: ({ services, actor, params, query }) => searchLog(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'get',
    path: `${RUN}/submission`,
    tag: 'Runs',
    caller: 'user',
    summary: 'The exact documents that were sent to the resource, by attempt',
    params: runParams,
    answer: pageOf(runSubmissionSchema),
    handle: async ({ services, actor, params }) => whole(await listSubmissions(services, actor, params)),
  }),
];
