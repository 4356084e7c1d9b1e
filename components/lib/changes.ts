import type { Agent, AgentToken, CreateAgentToken, Queue } from '@/core/wire';
import { api, path } from './api';

/** What changes queues, agents and credentials. After each the event stream says what is old; lists without events are renewed by the caller. */
export const pauseQueue = (entity: string, queue: string, note: string) =>
  api.post<Queue>(`${path('entities', entity, 'queues', queue)}/pause`, { note });
export const resumeQueue = (entity: string, queue: string) =>
  api.post<Queue>(`${path('entities', entity, 'queues', queue)}/resume`);

export type AgentCommand = 'drain' | 'pause' | 'resume' | 'stop';
export const commandAgent = (entity: string, id: string, command: AgentCommand, note?: string) =>
  api.post<Agent>(
    `${path('entities', entity, 'agents', id)}/${command}`,
    command === 'pause' ? { note: note ?? '' } : undefined,
  );

export const createAgentToken = (entity: string, token: Partial<CreateAgentToken> & { name: string }) =>
  api.post<AgentToken & { token: string }>(`${path('entities', entity)}/agent-tokens`, token);
export const revokeAgentToken = (entity: string, id: string) =>
  api.delete(path('entities', entity, 'agent-tokens', id));
