/** A file of a build context. */
export interface HashedFile {
  /** Inside the context, with `/`. */
  path: string;
  /** SHA-256 of its bytes, hexadecimal; of a symbolic link: of the text of its target, as git keeps it. */
  sha256: string;
}

const VERSION_LINE = 'slipway-source 1';
/** 160 bits: as many as git's names have; a label of Kubernetes, a tag and a file name can hold it. */
const TAG_DIGITS = 40;
const encoder = new TextEncoder();

/**
 * The tag of the image that is built of a source: the first 40 hexadecimal digits of the SHA-256 of this text, in UTF-8:
 *
 *     slipway-source 1
 *     dockerfile <sha256 of the text of the Dockerfile>
 *     <sha256 of the file> <length of its path in bytes>:<path>
 *
 * with a line for each file, in order of the bytes of the paths, each line ended by a line feed. Paths are in Unicode form NFC, since
 * some file systems decompose them. Nothing else has part in it: no mode, owner, time or place, no empty directory, no kind (a symbolic
 * link is the text of its target), so the tag is the same on every machine. The length makes a path with a line feed harmless.
 */
export async function sourceTag(files: readonly HashedFile[], dockerfile: string): Promise<string> {
  const lines = files
    .map(({ path, sha256 }) => ({ bytes: encoder.encode(path.normalize('NFC')), path, sha256 }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ bytes, path, sha256 }) => `${sha256} ${bytes.length}:${path.normalize('NFC')}\n`);
  const head = `${VERSION_LINE}\ndockerfile ${await sha256(dockerfile)}\n`;
  return (await sha256(head + lines.join(''))).slice(0, TAG_DIGITS);
}

/** Order of two texts in UTF-8: -1, 0 or 1 in sign. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
