import type { Agent, RegisterAgent, RegisteredAgent } from '@/core/wire';
import type { Actor, AgentActor } from '../access/actor';
import type { Services } from '../services';

export interface CommandInput {
  entity: string;
  id: string;
  command: 'stop' | 'drain' | 'pause' | 'resume';
  /** Of a pause: shown with it. */
  note?: string | undefined;
}

export declare function registerAgent(services: Services, actor: AgentActor, input: RegisterAgent): Promise<RegisteredAgent>;
export declare function listAgents(services: Services, actor: Actor, input: { entity: string }): Promise<Agent[]>;
export declare function getAgent(services: Services, actor: Actor, input: { entity: string; id: string }): Promise<Agent>;
export declare function commandAgent(services: Services, actor: Actor, input: CommandInput): Promise<Agent>;
