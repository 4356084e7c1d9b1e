/** So many runs that ended in a row and all failed make a queue "failing". */
export const LAST_ENDED = 5;

/** The states of the last runs of a queue that ended by themselves within a day, newest first; `queue` is an SQL expression of its id. */
export const lastEnded = (queue: string): string =>
  `SELECT f.state FROM runs f WHERE f.queue_id = ${queue} AND f.ended_at > now() - interval '24 hours'
   AND f.state IN ('finished', 'failed') ORDER BY f.ended_at DESC LIMIT ${LAST_ENDED}`;
