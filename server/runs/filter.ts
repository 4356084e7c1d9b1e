import { IN_FLIGHT } from '@/core/run-state';
import { refused } from '@/core/problems';
import { RUN_STATES } from '@/core/wire';
import type { RunFilter, RunState } from '@/core/wire';
import { containing } from '../db/like';
import type { Services } from '../services';

/** Conditions on `runs r` and the values of their placeholders. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  /** Adds a condition; `value` takes the place of each `?`. */
  add(condition: string, value?: unknown): void {
    if (value === undefined) {
      this.#parts.push(condition);
      return;
    }
    this.values.push(value);
    this.#parts.push(condition.replaceAll('?', `$${this.values.length}`));
  }
  /** A placeholder for a value outside of the conditions. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
  get sql(): string {
    return this.#parts.join(' AND ');
  }
}

const ACTIVE: readonly RunState[] = ['pending', ...IN_FLIGHT];

/** Names of states, separated by commas; `active` stands for all that have not ended. Refused (422) when one is unknown. */
export function parseStates(text: string): RunState[] {
  const states = text.split(',').map((part) => part.trim());
  return states.flatMap((name) => {
    if (name === 'active') return ACTIVE;
    const known = RUN_STATES.find((state) => state === name);
    if (known) return [known];
    throw refused(`${JSON.stringify(name)} is not a state of a run.`, [
      { path: 'state', message: `must be among active, ${RUN_STATES.join(', ')}` },
    ]);
  });
}

/**
 * The runs of an entity that a list or a bulk action means. Names are looked up once ($1 is the entity), so that what they stand for can
 * be found by an index in its order: the rows of a page are then read, not sorted out of millions.
 */
export async function runConditions(s: Services, entityId: string, filter: RunFilter): Promise<Conditions> {
  const where = new Conditions();
  where.add('r.entity_id = ?', entityId);
  if (filter.queue !== undefined) {
    const ids = await queueIds(s, entityId, filter.queue);
    const [only] = ids;
    if (only !== undefined && ids.length === 1) where.add('r.queue_id = ?', only);
    else where.add('r.queue_id = ANY (?::uuid[])', ids);
  }
  if (filter.state !== undefined) where.add('r.state = ANY (?::run_state[])', parseStates(filter.state));
  if (filter.project !== undefined)
    where.add(
      'r.project_id = (SELECT x.id FROM projects x WHERE x.entity_id = $1 AND x.name = ?)',
      filter.project,
    );
  if (filter.author !== undefined) where.add('r.author = ?', filter.author);
  if (filter.label !== undefined)
    where.add('EXISTS (SELECT 1 FROM run_labels x WHERE x.run_id = r.id AND x.label = ?)', filter.label);
  if (filter.job !== undefined) {
    const [name = '', tag] = filter.job.split(':');
    where.add('r.job_id = (SELECT x.id FROM jobs x WHERE x.entity_id = $1 AND x.name = ?)', name);
    // A text that is no version is that of no run.
    if (tag !== undefined) where.add('r.job_version = ?', /^v\d{1,9}$/.test(tag) ? Number(tag.slice(1)) : -1);
  }
  if (filter.category !== undefined)
    where.add("r.state = 'failed' AND r.failure_category = ?", filter.category);
  if (filter.from !== undefined) where.add('r.created_at >= ?::timestamptz', filter.from);
  if (filter.to !== undefined) where.add('r.created_at < ?::timestamptz', filter.to);
  if (filter.q !== undefined && filter.q !== '') {
    where.add('(r.name ILIKE ? OR r.id LIKE ?)', containing(filter.q));
  }
  return where;
}

/** Queues of a name: the one that is there, and deleted ones that had it before. */
async function queueIds(s: Services, entityId: string, name: string): Promise<string[]> {
  const { rows } = await s.pool.query<{ id: string }>({
    name: 'filter-queues',
    text: 'SELECT id FROM queues WHERE entity_id = $1 AND name = $2',
    values: [entityId, name],
  });
  return rows.map(({ id }) => id);
}
