import type { Readable } from 'node:stream';

/** What a builder builds from: exactly the files that the source hash covers, in one form for every builder. */
export interface BuildContext {
  /** Paths inside the context, sorted; what `.dockerignore` excludes is left out. */
  files: readonly string[];
  /** Path of the Dockerfile inside the context, as `--file` takes it. */
  dockerfilePath: string;
  /** Its text. */
  dockerfile: string;
  /**
   * The context as an uncompressed tar, the Dockerfile in it: the same bytes on every machine (all files mode 755, owner 0, one fixed time).
   * May be asked for again. Destroying the stream ends the reading.
   */
  tar(): Readable;
}

/** Where the output of a build goes: the log of the run. Resolves when there is room for more. */
export type BuildLog = (data: Uint8Array | string) => Promise<void>;

export interface BuildRequest {
  runId: string;
  context: BuildContext;
  /** Hash of source and Dockerfile: 40 hexadecimal digits. Names that must be found again are made of it. */
  tag: string;
  /** Image name without tag and scheme where the image is pushed to; null: it stays on this host. */
  destination: string | null;
  /** `destination:tag`, or a name of this host. The image must be there under it afterwards. */
  image: string;
  /** `linux/amd64`; null: the builder's own. */
  platform: string | null;
  log: BuildLog;
  /** Tells of obstacles that are waited out. */
  warn: (reason: string, message: string) => void;
  /** The build has to end soon after it is aborted and leave nothing behind; whatever it throws then is not looked at. */
  signal: AbortSignal;
}

/**
 * Makes images. One file or folder an implementation, chosen by the table in `./index`. Whether the image exists already was asked
 * before; here it does not.
 */
export interface Builder {
  /** Throws RunFailure when it can build nothing at all. Asked before the source is fetched. */
  check?(): void;
  /**
   * Builds and pushes `request.image`. Nothing of an image may be found under this name before it is whole.
   *
   * @throws RunFailure of phase `build`: category `build` for what the source or its Dockerfile is to blame for, else `config`,
   * `platform` or `quota`
   */
  build(request: BuildRequest): Promise<void>;
  /** Whether the image is there, where it stays on this host. Not asked when there is a destination: then the registry is. */
  hasLocalImage?(image: string, signal: AbortSignal): Promise<boolean>;
  /** Removes what builds of agents that were killed have left outside of this machine. */
  sweep?(signal: AbortSignal): Promise<void>;
  /** Whether a build could be made, tried without making one; the sentence says what was seen. Throws what a build would. */
  probe?(signal: AbortSignal): Promise<string>;
}
