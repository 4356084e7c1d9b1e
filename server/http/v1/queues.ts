import { z } from 'zod';
import {
  createQueueSchema, deleteQueueQuerySchema, launchSchema, lineSchema, metricsQuerySchema, pageOf, pageQuerySchema, parseAnswerSchema,
  parseRequestSchema, pauseSchema, previewSchema, putSecretSchema, queueMetricsSchema, queueOverridesSchema, queueSchema, queueSummarySchema,
  queueVersionSchema, secretSchema, updateQueueSchema,
} from '@/core/wire';
import {
  createQueue, deleteQueue, getQueue, getVersion, listQueues, listVersions, parseQueueConfig, pauseQueue, previewLaunch, queueOverrides,
  restoreVersion, resumeQueue, updateQueue,
} from '../../queues';
import { queueMetrics } from '../../runs';
import { deleteSecret, listSecrets, putSecret } from '../../secrets';
import { endpoint } from '../endpoint';
import { entityParams, queueParams, secretParams, versionParams, whole } from './params';

const LIST = '/api/v1/entities/{entity}/queues';
const ONE = `${LIST}/{queue}`;

export const queueEndpoints = [
  endpoint({
    method: 'post', path: '/api/v1/config/parse', tag: 'Queues', caller: 'user',
    summary: 'Read a queue configuration: its placeholders, macros and problems',
    description: 'A configuration that cannot be read is no error of this call: `problems` says what is wrong and where.',
    body: parseRequestSchema, answer: parseAnswerSchema,
    handle: ({ body }) => Promise.resolve(parseQueueConfig(body)),
  }),
  endpoint({
    method: 'get', path: LIST, tag: 'Queues', caller: 'user',
    summary: 'Queues of an entity',
    params: entityParams, query: pageQuerySchema, answer: pageOf(queueSummarySchema),
    handle: ({ services, actor, params, query }) => listQueues(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'post', path: LIST, tag: 'Queues', caller: 'user',
    summary: 'Make a queue',
    params: entityParams, body: createQueueSchema, answer: queueSchema, status: 201,
    handle: ({ services, actor, params, body }) => createQueue(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'get', path: ONE, tag: 'Queues', caller: 'user',
    summary: 'A queue with its configuration',
    params: queueParams, answer: queueSchema,
    handle: ({ services, actor, params }) => getQueue(services, actor, params),
  }),
  endpoint({
    method: 'patch', path: ONE, tag: 'Queues', caller: 'user',
    summary: 'Change a queue; a changed configuration or template makes a new version',
    params: queueParams, body: updateQueueSchema, answer: queueSchema,
    handle: ({ services, actor, params, body }) => updateQueue(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'delete', path: ONE, tag: 'Queues', caller: 'user',
    summary: 'Delete a queue',
    description: 'Refused while runs wait or are in flight, unless `force=true`, which stops them first.',
    params: queueParams, query: deleteQueueQuerySchema, answer: null,
    handle: ({ services, actor, params, query }) => deleteQueue(services, actor, { ...params, force: query.force === 'true' }),
  }),
  endpoint({
    method: 'post', path: `${ONE}/pause`, tag: 'Queues', caller: 'user',
    summary: 'Hand out no more runs of this queue',
    params: queueParams, body: pauseSchema, answer: queueSchema,
    handle: ({ services, actor, params, body }) => pauseQueue(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'post', path: `${ONE}/resume`, tag: 'Queues', caller: 'user',
    summary: 'Hand out runs again',
    params: queueParams, answer: queueSchema,
    handle: ({ services, actor, params }) => resumeQueue(services, actor, params),
  }),
  endpoint({
    method: 'get', path: `${ONE}/versions`, tag: 'Queues', caller: 'user',
    summary: 'Versions of the configuration, newest first',
    params: queueParams, query: pageQuerySchema, answer: pageOf(queueVersionSchema),
    handle: ({ services, actor, params, query }) => listVersions(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'get', path: `${ONE}/versions/{n}`, tag: 'Queues', caller: 'user',
    summary: 'One version of the configuration',
    params: versionParams, answer: queueVersionSchema,
    handle: ({ services, actor, params: { n, ...queue } }) => getVersion(services, actor, { ...queue, version: n }),
  }),
  endpoint({
    method: 'post', path: `${ONE}/versions/{n}/restore`, tag: 'Queues', caller: 'user',
    summary: 'Make an old version the newest again',
    params: versionParams, body: z.object({ note: lineSchema(500).optional() }).strict(), answer: queueSchema,
    handle: ({ services, actor, params: { n, ...queue }, body }) => restoreVersion(services, actor, { ...queue, version: n, ...body }),
  }),
  endpoint({
    method: 'get', path: `${ONE}/overrides`, tag: 'Queues', caller: 'user',
    summary: 'What launches have set on this queue, and how often',
    params: queueParams, answer: queueOverridesSchema,
    handle: ({ services, actor, params }) => queueOverrides(services, actor, params),
  }),
  endpoint({
    method: 'post', path: `${ONE}/preview`, tag: 'Queues', caller: 'user',
    summary: 'What a launch would submit, without launching',
    params: queueParams, body: launchSchema, answer: previewSchema,
    handle: ({ services, actor, params, body }) => previewLaunch(services, actor, { ...params, launch: body }),
  }),
  endpoint({
    method: 'get', path: `${ONE}/metrics`, tag: 'Queues', caller: 'user',
    summary: 'Throughput and waiting times',
    params: queueParams, query: metricsQuerySchema, answer: queueMetricsSchema,
    handle: ({ services, actor, params, query }) => queueMetrics(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'get', path: `${ONE}/secrets`, tag: 'Secrets', caller: 'user',
    summary: 'Names of the secrets of a queue; values are readable by nobody',
    params: queueParams, answer: pageOf(secretSchema),
    handle: async ({ services, actor, params }) => whole(await listSecrets(services, actor, params)),
  }),
  endpoint({
    method: 'put', path: `${ONE}/secrets/{name}`, tag: 'Secrets', caller: 'user',
    summary: 'Set a secret: a variable in the environment of each run',
    params: secretParams, body: putSecretSchema, answer: secretSchema,
    handle: ({ services, actor, params, body }) => putSecret(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'delete', path: `${ONE}/secrets/{name}`, tag: 'Secrets', caller: 'user',
    summary: 'Delete a secret',
    params: secretParams, answer: null,
    handle: ({ services, actor, params }) => deleteSecret(services, actor, params),
  }),
];
