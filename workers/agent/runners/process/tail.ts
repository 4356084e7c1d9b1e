import { open, type FileHandle } from 'node:fs/promises';
import { errorCode } from '../../support/timing';
import { MAX_LOG_ITEM_BYTES } from '../types';

/** Reads a file that grows, from an offset in bytes. */
export class FileTail {
  private file: FileHandle | null = null;

  constructor(
    private readonly path: string,
    private offset: number,
  ) {}

  /** The next piece, or null when all there is has been read. */
  async read(): Promise<Buffer | null> {
    this.file ??= await openIfExists(this.path);
    if (this.file === null) return null;
    const buffer = Buffer.allocUnsafe(MAX_LOG_ITEM_BYTES);
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, this.offset);
    if (bytesRead === 0) return null;
    this.offset += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
  }
}

async function openIfExists(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
