import {
  agentTokenSchema, apiKeySchema, auditEventSchema, auditQuerySchema, createAgentTokenSchema, createApiKeySchema, newAgentTokenSchema,
  newApiKeySchema, pageOf,
} from '@/core/wire';
import { createAgentToken, createApiKey, listAgentTokens, listApiKeys, revokeAgentToken, revokeApiKey } from '../../access';
import { listAudit } from '../../audit';
import { endpoint } from '../endpoint';
import { entityIdParams, entityParams, idParams, whole } from './params';

export const credentialEndpoints = [
  endpoint({
    method: 'get', path: '/api/v1/api-keys', tag: 'Keys and tokens', caller: 'user',
    summary: 'Own API keys',
    answer: pageOf(apiKeySchema),
    handle: async ({ services, actor }) => whole(await listApiKeys(services, actor)),
  }),
  endpoint({
    method: 'post', path: '/api/v1/api-keys', tag: 'Keys and tokens', caller: 'user',
    summary: 'Make an API key; the key itself is shown in this answer only',
    body: createApiKeySchema, answer: newApiKeySchema, status: 201,
    handle: ({ services, actor, body }) => createApiKey(services, actor, body),
  }),
  endpoint({
    method: 'delete', path: '/api/v1/api-keys/{id}', tag: 'Keys and tokens', caller: 'user',
    summary: 'Revoke an API key at once',
    params: idParams, answer: null,
    handle: ({ services, actor, params }) => revokeApiKey(services, actor, params),
  }),
  endpoint({
    method: 'get', path: '/api/v1/entities/{entity}/agent-tokens', tag: 'Keys and tokens', caller: 'user',
    summary: 'Agent tokens of an entity',
    params: entityParams, answer: pageOf(agentTokenSchema),
    handle: async ({ services, actor, params }) => whole(await listAgentTokens(services, actor, params)),
  }),
  endpoint({
    method: 'post', path: '/api/v1/entities/{entity}/agent-tokens', tag: 'Keys and tokens', caller: 'user',
    summary: 'Make an agent token; the token itself is shown in this answer only',
    params: entityParams, body: createAgentTokenSchema, answer: newAgentTokenSchema, status: 201,
    handle: ({ services, actor, params, body }) => createAgentToken(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'delete', path: '/api/v1/entities/{entity}/agent-tokens/{id}', tag: 'Keys and tokens', caller: 'user',
    summary: 'Revoke an agent token at once',
    params: entityIdParams, answer: null,
    handle: ({ services, actor, params }) => revokeAgentToken(services, actor, params),
  }),
  endpoint({
    method: 'get', path: '/api/v1/entities/{entity}/audit', tag: 'Entities', caller: 'user',
    summary: 'Who changed what, newest first',
    params: entityParams, query: auditQuerySchema, answer: pageOf(auditEventSchema),
    handle: ({ services, actor, params, query }) => listAudit(services, actor, { ...params, ...query }),
  }),
];
