import type { SecretName } from '@/core/wire';
import type { Actor } from '../access/actor';
import type { ServerConfig } from '../config';
import type { Services } from '../services';

export interface Sealed { keyId: string; nonce: Uint8Array<ArrayBuffer>; ciphertext: Uint8Array<ArrayBuffer> }
export declare function sealBytes(config: Pick<ServerConfig, 'SLIPWAY_SECRET_KEYS'>, plaintext: Uint8Array, boundTo: string): Sealed;
export declare function openBytes(config: Pick<ServerConfig, 'SLIPWAY_SECRET_KEYS'>, sealed: Sealed, boundTo: string): Uint8Array;
export declare function putSecret(s: Services, actor: Actor, input: { entity: string; queue: string; name: string; value: string }): Promise<SecretName>;
export declare function listSecrets(s: Services, actor: Actor, input: { entity: string; queue: string }): Promise<SecretName[]>;
export declare function deleteSecret(s: Services, actor: Actor, input: { entity: string; queue: string; name: string }): Promise<void>;
/** Secrets of several queues in one statement; queues without secrets are absent. */
export declare function openSecretsOf(s: Services, queueIds: string[]): Promise<Map<string, Record<string, string>>>;
export declare function openSecrets(s: Services, queueId: string): Promise<Record<string, string>>;
export declare function rotateSecrets(s: Services): Promise<{ rotated: number }>;
