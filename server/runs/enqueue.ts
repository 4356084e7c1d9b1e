import type { ProblemError } from '@/core/problems';
import { notFound, refused } from '@/core/problems';
import type { FieldError, Launch, Run } from '@/core/wire';
import { requireEntity, requireUser } from '../access';
import type { Actor, UserActor } from '../access';
import { isDatabaseAway } from '../db';
import { queueForLaunch } from '../queues';
import type { LaunchQueue } from '../queues';
import type { Services } from '../services';
import { announceRuns, announceWork, runChange } from './announce';
import { insertRuns } from './enqueue-sql';
import type { IdempotencyClaim, InsertedRun, NewRun } from './enqueue-sql';
import { getRun } from './get';
import { GroupCommit } from './group-commit';
import { claimOf, earlierRuns } from './idempotency';
import type { EnqueueBatchInput, EnqueueInput } from './inputs';
import { newRunView } from './new-run-view';
import { perProcess } from './per-process';
import { prepareLaunch } from './prepare';
import { requireRoom } from './room';

/** Rows of one flush: some milliseconds of work. */
const MAX_ROWS = 1000;

/** The launches of one caller: in one flush, so all of them or none. */
const commits = perProcess(
  (s) =>
    new GroupCommit<NewRun[], (InsertedRun | undefined)[]>({
      flush: async (groups) => {
        const inserted = await insertRuns(s.pool, groups.flat());
        return groups.map((runs) => runs.map(({ id }) => inserted.get(id)));
      },
      weigh: (runs) => runs.length,
      maxWeight: MAX_ROWS,
      splitOn: (error) => !isDatabaseAway(error),
    }),
);

/**
 * Launches a run on a queue. A paused queue takes launches too. With an idempotency key, a repeated call gives the run of the first
 * (`created: false`), also when two come at once.
 *
 * @throws ProblemError not-found (entity, queue), forbidden (viewers), refused with the path of each value that is wrong, too-many-requests
 *   (`queue-full`, `entity-full`)
 */
export async function enqueueRun(
  s: Services,
  actor: Actor,
  input: EnqueueInput,
): Promise<{ run: Run; created: boolean }> {
  const { user, queue, role } = await door(s, actor, input);
  const { launch } = input;
  const claim = claimOf(user.userId, input.idempotencyKey, launch);
  const earlier = async () => {
    const [id] = (claim && (await earlierRuns(s, queue.id, claim))) ?? [];
    return id === undefined ? null : { run: await getRun(s, actor, { id }), created: false };
  };

  const prepared = await prepareLaunch(s, user, queue, launch);
  if (!prepared.ok) {
    // The queue may have changed since the first call: the answer to that one still stands.
    const found = await earlier();
    if (found) return found;
    throw launchRefused(prepared.errors);
  }
  try {
    await requireRoom(s, queue, 1);
  } catch (error) {
    const found = await earlier();
    if (found) return found;
    throw error;
  }
  const run = { ...prepared.run, idempotency: claim && { ...claim, batch: [] } };
  const [inserted] = await commits(s).submit([run]);
  if (!inserted) {
    const found = await earlier();
    if (found) return found;
    throw queueGone(queue);
  }
  announce(s, queue, [run], [inserted]);
  return { run: await newRunView(s, { actor: user, role, queue }, run, inserted), created: true };
}

/**
 * Launches up to 1000 runs, all or none. Errors name the launch: `runs.3.templateValues.gpus`. With an idempotency key, a repeated
 * call gives the runs of the first (`created: false`).
 */
export async function enqueueBatch(
  s: Services,
  actor: Actor,
  input: EnqueueBatchInput,
): Promise<{ runs: { id: string; name: string }[]; created: boolean }> {
  const { user, queue } = await door(s, actor, input);
  const claim = claimOf(user.userId, input.idempotencyKey, { runs: input.runs });
  const earlier = async () => {
    const ids = claim && (await earlierRuns(s, queue.id, claim));
    return ids && { runs: await namesOf(s, ids), created: false };
  };
  const prepared = await prepareAll(s, user, queue, input.runs);
  if (prepared.errors.length > 0) {
    const found = await earlier();
    if (found) return found;
    throw launchRefused(prepared.errors);
  }
  try {
    await requireRoom(s, queue, prepared.runs.length);
  } catch (error) {
    const found = await earlier();
    if (found) return found;
    throw error;
  }
  const runs = claim === null ? prepared.runs : claimedBy(prepared.runs, claim);
  const answers = await commits(s).submit(runs);
  const inserted = answers.filter((answer) => answer !== undefined);
  if (inserted.length < runs.length) {
    const found = await earlier();
    if (found) return found;
    throw queueGone(queue);
  }
  announce(s, queue, runs, inserted);
  return { runs: runs.map(({ id, name }) => ({ id, name })), created: true };
}

/** The first run has the key of the batch; the others follow it. */
function claimedBy(runs: NewRun[], claim: IdempotencyClaim): NewRun[] {
  const batch = runs.map(({ id }) => id);
  return runs.map((run, index) =>
    index === 0 ? { ...run, idempotency: { ...claim, batch } } : { ...run, follows: batch[0] ?? null },
  );
}

/** Names of runs, in the order of the ids; runs that were deleted meanwhile are left out. */
async function namesOf(s: Services, ids: string[]): Promise<{ id: string; name: string }[]> {
  const { rows } = await s.pool.query<{ id: string; name: string }>(
    'SELECT runs.id, name FROM unnest($1::text[]) WITH ORDINALITY AS wanted(id, ord) JOIN runs USING (id) ORDER BY ord',
    [ids],
  );
  return rows;
}

async function door(s: Services, actor: Actor, input: { entity: string; queue: string }) {
  const { id, role } = await requireEntity(s, actor, input.entity, 'member');
  return { user: requireUser(actor), role, queue: await queueForLaunch(s, id, input.queue) };
}

/** Errors a batch reports at most; the rest is as likely the same mistake again. */
const MAX_ERRORS = 200;

async function prepareAll(s: Services, user: UserActor, queue: LaunchQueue, launches: Launch[]) {
  const runs: NewRun[] = [];
  const errors: FieldError[] = [];
  for (const [index, launch] of launches.entries()) {
    const prepared = await prepareLaunch(s, user, queue, launch);
    if (prepared.ok) runs.push(prepared.run);
    else
      errors.push(
        ...prepared.errors.map(({ path, message }) => ({ path: `runs.${index}.${path}`, message })),
      );
    if (errors.length >= MAX_ERRORS) break;
  }
  return { runs, errors };
}

function announce(s: Services, queue: LaunchQueue, runs: NewRun[], inserted: InsertedRun[]): void {
  const place = { entity: queue.entity, queue: queue.name, queueId: queue.id };
  announceRuns(
    s,
    runs.map(({ id }) => runChange(place, id, { state: 'pending', stopping: false, seq: 1 })),
  );
  announceWork(
    s,
    inserted.filter(({ held }) => !held).map(() => queue.id),
  );
}

function launchRefused(errors: FieldError[]): ProblemError {
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return refused(
    `The launch is refused: ${first ? `${first.path}: ${first.message}` : 'it is not valid'}${rest}`,
    errors,
  );
}

const queueGone = (queue: LaunchQueue) => notFound(`The queue ${JSON.stringify(queue.name)}`);
