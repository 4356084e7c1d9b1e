import {
  agentRunSchema,
  agentSchema,
  agentSettingsSchema,
  pageOf,
  pageQuerySchema,
  pauseAgentSchema,
} from '@/core/wire';
import {
  commandAgent,
  getAgent,
  getAgentSettings,
  listAgentRuns,
  listAgents,
  putAgentSettings,
} from '../../agents';
import { endpoint } from '../endpoint';
import { entityIdParams, entityParams, whole } from './params';

const LIST = '/api/v1/entities/{entity}/agents';
const COMMANDS = {
  stop: 'Stop an agent: it takes no more work and stops what it runs',
  drain: 'Drain an agent: it takes no more work and ends when what it runs has ended',
  resume: 'Let a paused agent take work again',
} as const;

export const agentEndpoints = [
  endpoint({
    method: 'get',
    path: LIST,
    tag: 'Agents',
    caller: 'user',
    summary: 'Agents of an entity',
    params: entityParams,
    answer: pageOf(agentSchema),
    handle: async ({ services, actor, params }) => whole(await listAgents(services, actor, params)),
  }),
  endpoint({
    method: 'get',
    path: `${LIST}/{id}`,
    tag: 'Agents',
    caller: 'user',
    summary: 'An agent',
    params: entityIdParams,
    answer: agentSchema,
    handle: ({ services, actor, params }) => getAgent(services, actor, params),
  }),
  endpoint({
    method: 'get',
    path: `${LIST}/{id}/runs`,
    tag: 'Agents',
    caller: 'user',
    summary: 'Runs that ended on an agent, the latest first',
    params: entityIdParams,
    query: pageQuerySchema,
    answer: pageOf(agentRunSchema),
    handle: ({ services, actor, params, query }) => listAgentRuns(services, actor, { ...params, ...query }),
  }),
  endpoint({
    method: 'get',
    path: '/api/v1/entities/{entity}/agent-settings',
    tag: 'Agents',
    caller: 'user',
    summary: 'What an entity wants of its agents',
    params: entityParams,
    answer: agentSettingsSchema,
    handle: ({ services, actor, params }) => getAgentSettings(services, actor, params),
  }),
  endpoint({
    method: 'put',
    path: '/api/v1/entities/{entity}/agent-settings',
    tag: 'Agents',
    caller: 'user',
    summary: 'Say what an entity wants of its agents',
    params: entityParams,
    body: agentSettingsSchema,
    answer: agentSettingsSchema,
    handle: ({ services, actor, params, body }) => putAgentSettings(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: `${LIST}/{id}/pause`,
    tag: 'Agents',
    caller: 'user',
    summary: 'Give an agent no more work until it is resumed',
    params: entityIdParams,
    body: pauseAgentSchema,
    answer: agentSchema,
    handle: ({ services, actor, params, body }) =>
      commandAgent(services, actor, { ...params, ...body, command: 'pause' }),
  }),
  ...(['stop', 'drain', 'resume'] as const).map((command) =>
    endpoint({
      method: 'post',
      path: `${LIST}/{id}/${command}`,
      tag: 'Agents',
      caller: 'user',
      summary: COMMANDS[command],
      params: entityIdParams,
      answer: agentSchema,
      handle: ({ services, actor, params }) => commandAgent(services, actor, { ...params, command }),
    }),
  ),
];
