/** Words and times as the sentences about queues and waiting runs use them. */

/** `1 run`, `3 runs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** `4th` */
export function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

/** `14:02 UTC`, with the date when it is not today's. Both in epoch milliseconds. */
export function utc(time: number, now: number): string {
  const text = new Date(time).toISOString();
  const clock = `${text.slice(11, 16)} UTC`;
  const day = text.slice(0, 10);
  return day === new Date(now).toISOString().slice(0, 10) ? clock : `${day} ${clock}`;
}

/** A length of time in words, in the largest unit that fits: `40 s`, `6 min`, `2 h`, `3 days`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `Paused by ada: GPU driver update`. */
export const pausedPhrase = ({ by, note }: { by: string; note: string }): string =>
  note === '' ? `Paused by ${by}` : `Paused by ${by}: ${note}`;

/** Which secrets cannot be opened; a queue has more than three names only in its own list. */
export function secretsPhrase(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `The server cannot open ${names.length === 1 ? 'a secret' : 'secrets'} of this queue (${shown}${more}): its key is missing or the entry was changed`;
}

export const allPausedPhrase = (online: number): string =>
  online === 1 ? 'The only agent of this queue is paused' : `All ${online} agents of this queue are paused`;

export const noRunnerPhrase = (resourceLabel: string): string =>
  `No agent of this release runs ${resourceLabel} queues yet`;

/** `No agent for this queue since 14:02 UTC`; the first sentence of a queue that nobody ever served is another one. */
export function noAgentPhrase(
  { everHad, lastSeenAt }: { everHad: boolean; lastSeenAt: number | null },
  now: number,
): string {
  if (!everHad) return 'This queue never had an agent';
  return lastSeenAt === null
    ? 'No agent for this queue'
    : `No agent for this queue since ${utc(lastSeenAt, now)}`;
}
