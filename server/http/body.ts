import { MAX_BODY_BYTES } from '@/core/wire';
import { ProblemError } from '@/core/problems';
import { HttpProblem } from './problem';
import type { HttpContext } from './types';
import { checkJson } from './validate';

const tooLarge = (limit: number) =>
  new ProblemError('too-large', `The body is larger than ${limit} bytes, the most that is accepted here.`);

/** The body as bytes; a 413 as soon as it is known to be larger than `limit`, so that no more than that is ever held. */
export async function readBytes(c: HttpContext, limit = MAX_BODY_BYTES): Promise<Uint8Array> {
  const declared = c.req.header('content-length');
  if (declared !== undefined) {
    if (Number(declared) > limit) throw tooLarge(limit);
    // Node ends the body at the declared length.
    const bytes = new Uint8Array(await readOrRefuse(() => c.req.arrayBuffer()));
    if (bytes.byteLength > limit) throw tooLarge(limit);
    return bytes;
  }
  const body = c.req.raw.body;
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await readOrRefuse(() => reader.read());
    if (done) return Buffer.concat(chunks, size);
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel().catch(() => {});
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
}

async function readOrRefuse<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new ProblemError('unreadable', 'The body ended before it was complete.', { cause: error });
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });
/** Escapes by which JSON can carry what PostgreSQL cannot hold. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/** The JSON of the body; an empty body counts as `{}`. 415 for another media type, 400 for what is no JSON. */
export async function readJson(
  c: HttpContext,
  { limit = MAX_BODY_BYTES, allowNul = false } = {},
): Promise<unknown> {
  const type = c.req.header('content-type');
  if (type !== undefined && !/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new HttpProblem(
      415,
      'The body must be JSON: send Content-Type: application/json.',
      'unsupported-media-type',
    );
  }
  const bytes = await readBytes(c, limit);
  if (bytes.byteLength === 0) return {};
  if (type === undefined) {
    throw new HttpProblem(
      415,
      'The body has no media type: send Content-Type: application/json.',
      'unsupported-media-type',
    );
  }
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
  } catch (error) {
    throw new ProblemError('unreadable', 'The body is not UTF-8.', { cause: error });
  }
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(
      'unreadable',
      `The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
      {
        cause: error,
      },
    );
  }
  if (SUSPECT.test(text) || deep(text)) checkJson(value, { allowNul });
  return value;
}

/** Whether the text could be nested deeply: more opening brackets than the least depth that matters. */
function deep(text: string): boolean {
  let count = 0;
  for (let i = 0; i < text.length && count <= 100; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) count++;
  }
  return count > 100;
}
