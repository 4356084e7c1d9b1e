import type {
  AgentToken, ApiKey, CreateAgentToken, CreateUser, Member, Page, PageQuery, RoleName, Setup, User, Viewer,
} from '@/core/wire';
import type { Services } from '../services';
import type { Actor, AgentActor, UserActor } from './actor';

export type { Actor, AgentActor, SystemActor, UserActor } from './actor';
export interface EntityAccess { id: string; name: string; kind: 'user' | 'team'; role: RoleName }
export interface SignedIn { userId: string; sessionVersion: number; name: string; email: string; isAdmin: boolean }

export declare function authenticateBearer(s: Services, token: string, from?: { host?: string }): Promise<UserActor | AgentActor | null>;
export declare function sessionActor(s: Services, userId: string, sessionVersion: number): Promise<UserActor | null>;
export declare function requireEntity(s: Services, actor: Actor, entityName: string, role: RoleName): Promise<EntityAccess>;
export declare function viewer(s: Services, actor: Actor): Promise<Viewer>;
export declare function needsSetup(s: Services): Promise<boolean>;
export declare function setUp(s: Services, input: Setup): Promise<User>;
export declare function verifyPassword(s: Services, input: { email: string; password: string; ip: string }): Promise<SignedIn | null>;
export declare function signInWithOidc(s: Services, input: { provider: string; subject: string; email: string | null; emailVerified: boolean; name: string | null }): Promise<SignedIn>;
export declare function listUsers(s: Services, actor: Actor, input: Partial<PageQuery>): Promise<Page<User>>;
export declare function createUser(s: Services, actor: Actor, input: CreateUser): Promise<User>;
export declare function updateUser(s: Services, actor: Actor, input: { id: string; name?: string; isAdmin?: boolean; disabled?: boolean; password?: string }): Promise<User>;
export declare function changePassword(s: Services, actor: Actor, input: { current: string; password: string; ip: string }): Promise<{ sessionVersion: number }>;
export declare function createTeam(s: Services, actor: Actor, input: { name: string }): Promise<EntityAccess>;
export declare function listMembers(s: Services, actor: Actor, input: { entity: string }): Promise<Member[]>;
export declare function putMember(s: Services, actor: Actor, input: { entity: string; email: string; role: RoleName }): Promise<Member>;
export declare function removeMember(s: Services, actor: Actor, input: { entity: string; userId: string }): Promise<void>;
export declare function listApiKeys(s: Services, actor: Actor): Promise<ApiKey[]>;
export declare function createApiKey(s: Services, actor: Actor, input: { name: string; expiresInDays: number | null }): Promise<ApiKey & { key: string }>;
export declare function revokeApiKey(s: Services, actor: Actor, input: { id: string }): Promise<void>;
export declare function listAgentTokens(s: Services, actor: Actor, input: { entity: string }): Promise<AgentToken[]>;
export declare function createAgentToken(s: Services, actor: Actor, input: { entity: string } & CreateAgentToken): Promise<AgentToken & { token: string }>;
export declare function revokeAgentToken(s: Services, actor: Actor, input: { entity: string; id: string }): Promise<void>;
