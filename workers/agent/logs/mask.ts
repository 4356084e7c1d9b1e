/**
 * Masks secret values in a stream of bytes that comes in pieces, so that the result is the same as if the whole had been masked at
 * once: a tail that may be the beginning of a secret is held back until the next piece decides.
 *
 * What is masked: each value of at least 4 characters, each line of it of at least 4 (programs print keys line by line), and its
 * base64, percent-encoded and JSON-escaped forms. Shorter values would blot out ordinary text.
 */
export interface Masker {
  /** Takes raw bytes, gives the masked bytes that are decided by now. */
  push(data: Uint8Array): Uint8Array;
  /** The stream ends: gives the rest. */
  flush(): Uint8Array;
  /** Raw bytes whose masked form has been given out. Reading the source again from here gives just what is still to come. */
  readonly consumed: number;
}

export const MASK = '***';
const MIN_SECRET_CHARACTERS = 4;
const EMPTY = new Uint8Array(0);

/** Prepared once a run, shared by its streams. */
export interface MaskPatterns {
  /** Longest first; one character a byte. */
  texts: string[];
  regex: RegExp | null;
}

export function maskPatterns(secrets: Iterable<string>): MaskPatterns {
  const texts = new Set<string>();
  for (const secret of secrets) {
    for (const value of [secret, ...secret.split(/\r?\n/)]) {
      if (value.trim().length < MIN_SECRET_CHARACTERS) continue;
      for (const form of forms(value)) texts.add(Buffer.from(form, 'utf8').toString('latin1'));
    }
  }
  const sorted = [...texts].sort((a, b) => b.length - a.length);
  const escaped = sorted.map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return { texts: sorted, regex: sorted.length === 0 ? null : new RegExp(escaped.join('|'), 'g') };
}

function forms(value: string): string[] {
  // By way of UTF-8, since encodeURIComponent refuses lone surrogates.
  const percent = encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
  return [
    value,
    Buffer.from(value, 'utf8').toString('base64').replace(/=+$/, ''),
    percent,
    JSON.stringify(value).slice(1, -1),
  ];
}

/** Masks a text that is there as a whole, such as an error message. */
export function maskText(text: string, { regex }: MaskPatterns): string {
  if (!regex) return text;
  return Buffer.from(Buffer.from(text, 'utf8').toString('latin1').replace(regex, MASK), 'latin1').toString(
    'utf8',
  );
}

export function createMasker({ texts, regex }: MaskPatterns): Masker {
  if (!regex) return passThrough();
  const longest = texts[0]?.length ?? 0;
  let held = '';
  let consumed = 0;

  const take = (last: boolean): Uint8Array => {
    let out = '';
    let position = 0;
    for (;;) {
      // A match that begins before `hold` is final: were a longer one still possible there, `hold` would be there too.
      const hold = last ? held.length : undecided(held, position, texts, longest);
      regex.lastIndex = position;
      const match = regex.exec(held);
      if (match === null || match.index >= hold) {
        out += held.slice(position, hold);
        consumed += hold;
        held = held.slice(hold);
        return Buffer.from(out, 'latin1');
      }
      out += held.slice(position, match.index) + MASK;
      position = match.index + match[0].length;
    }
  };

  return {
    push: (data) => {
      held += Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
      return take(false);
    },
    flush: () => take(true),
    get consumed() {
      return consumed;
    },
  };
}

/** First position from `from` on where what is left is a true beginning of a pattern. */
function undecided(text: string, from: number, patterns: string[], longest: number): number {
  for (let at = Math.max(from, text.length - longest + 1); at < text.length; at++) {
    const length = text.length - at;
    if (patterns.some((p) => p.length > length && text.startsWith(p.slice(0, length), at))) return at;
  }
  return text.length;
}

function passThrough(): Masker {
  let consumed = 0;
  return {
    push: (data) => {
      consumed += data.byteLength;
      return data;
    },
    flush: () => EMPTY,
    get consumed() {
      return consumed;
    },
  };
}
