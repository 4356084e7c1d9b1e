import { conflict, forbidden, notFound } from '@/core/problems';
import type { RunView, SaveRunView } from '@/core/wire';
import { requireEntity, roleCovers } from '../access';
import type { Actor } from '../access';
import type { Services } from '../services';

interface ViewRow {
  id: string;
  name: string;
  filter: RunView['filter'];
  columns: string[];
  author: string;
  author_id: string | null;
  updated_at: Date;
}
const COLUMNS = 'id, name, filter, columns, author, author_id, updated_at';
/** More would be no help in finding any. */
const MAX_VIEWS = 200;

const toView = (row: ViewRow, mayChange: boolean): RunView => ({
  id: row.id,
  name: row.name,
  filter: row.filter,
  columns: row.columns,
  author: row.author,
  updatedAt: row.updated_at.toISOString(),
  mayChange,
});

/** Ways of looking at the runs of an entity that its people have saved, by name. They are everybody's to use. */
export async function listRunViews(s: Services, actor: Actor, input: { entity: string }): Promise<RunView[]> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const { rows } = await s.pool.query<ViewRow>(
    `SELECT ${COLUMNS} FROM run_views WHERE entity_id = $1 ORDER BY lower(name), name`,
    [entity.id],
  );
  return rows.map((row) => toView(row, mayChangeView(actor, entity.role, row.author_id)));
}

const mayChangeView = (
  actor: Actor,
  role: Parameters<typeof roleCovers>[0],
  authorId: string | null,
): boolean =>
  roleCovers(role, 'admin') ||
  (roleCovers(role, 'member') && actor.kind === 'user' && actor.userId === authorId);

/**
 * Saves a view under a name: a new one, or what one's own says from now on.
 *
 * @throws ProblemError forbidden, for a view of another member; conflict, when there are too many
 */
export async function saveRunView(
  s: Services,
  actor: Actor,
  input: SaveRunView & { entity: string },
): Promise<RunView> {
  const entity = await requireEntity(s, actor, input.entity, 'member');
  const author =
    actor.kind === 'user' ? { id: actor.userId, name: actor.name } : { id: null, name: actor.kind };
  const existing = await s.pool.query<ViewRow>(
    `SELECT ${COLUMNS} FROM run_views WHERE entity_id = $1 AND name = $2`,
    [entity.id, input.name],
  );
  const [before] = existing.rows;
  if (before && !mayChangeView(actor, entity.role, before.author_id))
    throw forbidden(`The view “${input.name}” is ${before.author}’s; save yours under another name.`);
  if (!before) {
    const { rows } = await s.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM run_views WHERE entity_id = $1',
      [entity.id],
    );
    if ((rows[0]?.n ?? 0) >= MAX_VIEWS)
      throw conflict(`There are ${MAX_VIEWS} views already; delete one first.`, 'too-many-views');
  }
  const { rows } = await s.pool.query<ViewRow>(
    `INSERT INTO run_views (id, entity_id, name, filter, columns, author_id, author, updated_at)
     VALUES (gen_random_uuid(), $1, $2, $3::jsonb, $4, $5, $6, now())
     ON CONFLICT (entity_id, name) DO UPDATE SET filter = excluded.filter, columns = excluded.columns, updated_at = now()
     RETURNING ${COLUMNS}`,
    [entity.id, input.name, JSON.stringify(input.filter), input.columns, author.id, author.name],
  );
  const [row] = rows;
  if (!row) throw new Error('a saved view was not returned');
  return toView(row, true);
}

export async function deleteRunView(
  s: Services,
  actor: Actor,
  input: { entity: string; id: string },
): Promise<void> {
  const entity = await requireEntity(s, actor, input.entity, 'member');
  const { rows } = await s.pool.query<ViewRow>(
    `SELECT ${COLUMNS} FROM run_views WHERE entity_id = $1 AND id = $2`,
    [entity.id, input.id],
  );
  const [view] = rows;
  if (!view) throw notFound('The view');
  if (!mayChangeView(actor, entity.role, view.author_id))
    throw forbidden(`The view “${view.name}” is ${view.author}’s; its author and admins may delete it.`);
  await s.pool.query('DELETE FROM run_views WHERE entity_id = $1 AND id = $2', [entity.id, input.id]);
}
