/**
 * Why a registry did not do what it was asked.
 * - `unauthorized`: no or wrong credentials (401)
 * - `forbidden`: known, but not allowed (403)
 * - `rate-limited`: too many requests (429), also after waiting
 * - `unavailable`: errors of the registry (5xx), no connection, an answer that is not the protocol's
 * - `timeout`: no answer in time
 * - `config`: the name, address or local credentials cannot be right
 */
export type RegistryErrorReason =
  'unauthorized' | 'forbidden' | 'rate-limited' | 'unavailable' | 'timeout' | 'config';

/** The one error of registries. Its message is for people: registry, what was refused, what to do. It holds no credentials. */
export class RegistryError extends Error {
  constructor(
    readonly reason: RegistryErrorReason,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RegistryError';
  }
}

export interface RegistryCredentials {
  username: string;
  password: string;
}

/** A kind of registry. One folder each, chosen by the type of the destination. All calls throw RegistryError. */
export interface Registry {
  /** Whether `image` (`host/repository:tag`) is there as a whole. */
  exists(image: string, signal: AbortSignal): Promise<boolean>;
  /** Credentials that a builder pushes with; null: it finds its own (the host's docker configuration). */
  login(signal: AbortSignal): Promise<RegistryCredentials | null>;
  /** Makes the repository of `image` where the registry wants it made before the first push. */
  ensureRepository(image: string, signal: AbortSignal): Promise<void>;
  /** Whether the agent may push `image`, tried as far as nothing stays; the sentence says what was seen. */
  tryPush(image: string, signal: AbortSignal): Promise<string>;
}
