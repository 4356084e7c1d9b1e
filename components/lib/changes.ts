import type { Agent, AgentToken, CreateAgentToken, Queue } from '@/core/wire';
import { api, path } from './api';

/** What changes queues, agents and credentials. After each the event stream says what is old; lists without events are renewed by the caller. */
export const pauseQueue = (entity: string, queue: string, note: string) =>
  api.post<Queue>(`${path('entities', entity, 'queues', queue)}/pause`, { note });
export const resumeQueue = (entity: string, queue: string) =>
  api.post<Queue>(`${path('entities', entity, 'queues', queue)}/resume`);

export type AgentCommand = 'drain' | 'pause' | 'resume' | 'stop';
/** `pause` takes a note that everyone sees, and for how long; null: until somebody resumes it. */
export const commandAgent = (
  entity: string,
  id: string,
  command: AgentCommand,
  pause: { note: string; minutes: number | null } = { note: '', minutes: null },
) =>
  api.post<Agent>(
    `${path('entities', entity, 'agents', id)}/${command}`,
    command === 'pause' ? pause : undefined,
  );

export const createAgentToken = (entity: string, token: Partial<CreateAgentToken> & { name: string }) =>
  api.post<AgentToken & { token: string }>(`${path('entities', entity)}/agent-tokens`, token);
export const rotateAgentToken = (entity: string, id: string) =>
  api.post<AgentToken & { token: string }>(`${path('entities', entity, 'agent-tokens', id)}/rotate`);
export const revokeAgentToken = (entity: string, id: string) =>
  api.delete(path('entities', entity, 'agent-tokens', id));
