import type { Readable } from 'node:stream';

/** Keeps bytes under a key: a disk, or an object store. Keys are ours: lower-case letters, digits, `-` and `/`. */
export interface BlobStore {
  /**
   * Stores what `body` gives, streaming. The blob is there only once `body` has ended well: when it fails, nothing can be read under the
   * key and the promise rejects with the very error of `body`.
   * @throws ProblemError `unavailable` when the store has no room
   */
  put(key: string, body: Readable): Promise<void>;
  /** @throws BlobMissing when there is nothing under the key. */
  get(key: string): Promise<Readable>;
  exists(key: string): Promise<boolean>;
  /** Nothing happens when there is nothing under the key. */
  delete(key: string): Promise<void>;
  /** Removes what uploads that were begun before that time and never ended have left behind; returns how many. */
  sweep(before: Date): Promise<number>;
}

export class BlobMissing extends Error {
  constructor(readonly key: string) {
    super(`There is no blob ${key}`);
    this.name = 'BlobMissing';
  }
}
