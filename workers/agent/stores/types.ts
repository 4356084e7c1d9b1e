import type { Readable } from 'node:stream';

/** What has been stored, measured while it went by. */
export interface Stored {
  /** Hexadecimal. */
  sha256: string;
  bytes: number;
}

/**
 * Keeps objects by key: letters, digits, `.`, `_`, `-`, in parts separated by `/`. One file an implementation, chosen by the address.
 * All calls throw CloudError; an object whose `put` failed is not there.
 */
export interface Store {
  /** As in the agent's file, without a slash at its end. */
  readonly address: string;
  /** Address of an object, as builders take it. */
  url(key: string): string;
  /** Streams in constant memory; replaces an object of this key. The source is destroyed when it fails. */
  put(key: string, source: Readable, signal: AbortSignal): Promise<Stored>;
  /** Destroying the stream ends the reading; errors after the first byte are those of the stream. */
  get(key: string, signal: AbortSignal): Promise<Readable>;
  exists(key: string, signal: AbortSignal): Promise<boolean>;
  /** Whether or not it is there. */
  delete(key: string, signal: AbortSignal): Promise<void>;
}
