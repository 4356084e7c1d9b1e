import { z } from 'zod';
import {
  createJobSchema,
  createJobVersionSchema,
  jobSchema,
  jobVersionSchema,
  pageOf,
  pageQuerySchema,
  resolveRefSchema,
  resolvedRefSchema,
} from '@/core/wire';
import { createJob, createJobVersion, getJob, listJobVersions, listJobs, lookUpRef } from '../../jobs';
import { endpoint, Reply } from '../endpoint';
import { entityParams, jobParams } from './params';

const LIST = '/api/v1/entities/{entity}/jobs';

export const jobEndpoints = [
  endpoint({
    method: 'get',
    path: LIST,
    tag: 'Jobs',
    caller: 'user',
    summary: 'Jobs of an entity',
    params: entityParams,
    query: pageQuerySchema.extend({ q: z.string().max(200).optional() }),
    answer: pageOf(jobSchema),
    handle: ({ services, actor, params, query }) => listJobs(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'post',
    path: LIST,
    tag: 'Jobs',
    caller: 'user',
    summary: 'Make a job',
    params: entityParams,
    body: createJobSchema,
    answer: jobSchema,
    status: 201,
    handle: ({ services, actor, params, body }) => createJob(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'get',
    path: `${LIST}/{job}`,
    tag: 'Jobs',
    caller: 'user',
    summary: 'A job with its newest version',
    params: jobParams,
    answer: jobSchema,
    handle: ({ services, actor, params }) => getJob(services, actor, params),
  }),
  endpoint({
    method: 'get',
    path: `${LIST}/{job}/versions`,
    tag: 'Jobs',
    caller: 'user',
    summary: 'Versions of a job, newest first',
    params: jobParams,
    query: pageQuerySchema,
    answer: pageOf(jobVersionSchema),
    handle: ({ services, actor, params, query }) => listJobVersions(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'post',
    path: `${LIST}/{job}/versions`,
    tag: 'Jobs',
    caller: 'user',
    summary: 'Add a version to a job',
    params: jobParams,
    body: createJobVersionSchema,
    answer: jobVersionSchema,
    status: 201,
    alsoStatus: { 200: 'The newest version is the same already' },
    handle: async ({ services, actor, params, body }) => {
      const { version, isNew } = await createJobVersion(services, actor, { ...params, ...body });
      return new Reply(isNew ? 201 : 200, version);
    },
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/entities/{entity}/git/resolve',
    tag: 'Jobs',
    caller: 'user',
    summary: 'Look up the commit of a branch or tag, as making a git job does',
    params: entityParams,
    body: resolveRefSchema,
    answer: resolvedRefSchema,
    handle: ({ services, actor, params, body }) => lookUpRef(services, actor, { ...params, ...body }),
  }),
];
