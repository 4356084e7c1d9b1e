import { ProblemError } from '@/core/problems';
import type { Services } from '../services';

/** Length of the sliding window, seconds. */
const WINDOW_SECONDS = 15 * 60;
/**
 * Failed sign-ins within the window before the next is refused. For one e-mail from one address it is few; over all addresses more,
 * so that nobody can lock another person out with a handful of wrong guesses.
 */
export const SIGN_IN_LIMITS = { emailFromIp: 8, email: 50, ip: 40 };

/**
 * Counts one attempt before the password is checked, so that attempts made at the same time are counted too. Throws 429 when there
 * were too many. The counts are rows, shared by all servers.
 */
export async function countSignIn(s: Services, email: string, ip: string): Promise<void> {
  await s.pool.query(
    `DELETE FROM sign_in_attempts WHERE id IN
       (SELECT id FROM sign_in_attempts WHERE at < now() - make_interval(secs => $1) LIMIT 200)`,
    [WINDOW_SECONDS],
  );
  const inserted = await s.pool.query<{ id: number }>(
    'INSERT INTO sign_in_attempts (email, ip) VALUES ($1, $2) RETURNING id',
    [email, ip],
  );
  const { rows } = await s.pool.query<{ both: number; email: number; ip: number; wait: number }>(
    `SELECT count(*) FILTER (WHERE email = $1 AND ip = $2) AS both, count(*) FILTER (WHERE email = $1) AS email,
            count(*) FILTER (WHERE ip = $2) AS ip,
            ceil(extract(epoch FROM min(at) + make_interval(secs => $3) - now()))::int AS wait
     FROM sign_in_attempts WHERE (email = $1 OR ip = $2) AND at > now() - make_interval(secs => $3)`,
    [email, ip, WINDOW_SECONDS],
  );
  const counts = rows[0];
  if (!counts) return;
  if (
    counts.both <= SIGN_IN_LIMITS.emailFromIp &&
    counts.email <= SIGN_IN_LIMITS.email &&
    counts.ip <= SIGN_IN_LIMITS.ip
  )
    return;
  // A refused attempt does not count: the window opens again while somebody goes on trying.
  await s.pool.query('DELETE FROM sign_in_attempts WHERE id = $1', [inserted.rows[0]?.id]);
  const seconds = Math.max(1, counts.wait);
  throw new ProblemError(
    'too-many-requests',
    `Too many failed sign-ins. Try again in ${waitText(seconds)}.`,
    {
      code: 'too-many-sign-ins',
      retryAfterSeconds: seconds,
    },
  );
}

/** After a success, the attempts of this person from this address are forgiven. */
export async function forgiveSignIns(s: Services, email: string, ip: string): Promise<void> {
  await s.pool.query('DELETE FROM sign_in_attempts WHERE email = $1 AND ip = $2', [email, ip]);
}

function waitText(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
