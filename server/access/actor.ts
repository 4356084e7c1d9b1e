/** Who does something. Use cases take one and check what it may do; they never see HTTP. */
export interface UserActor {
  kind: 'user';
  userId: string;
  name: string;
  email: string;
  /** Of the instance: manages users and teams, and acts as `admin` in every entity. */
  isAdmin: boolean;
  via: 'session' | 'api-key';
}
export interface AgentActor {
  kind: 'agent';
  tokenId: string;
  tokenName: string;
  entityId: string;
  entity: string;
  /** Ids of the queues the token covers; empty: every queue of the entity. */
  queueIds: string[];
}
export interface SystemActor {
  kind: 'system';
}
export type Actor = UserActor | AgentActor | SystemActor;
