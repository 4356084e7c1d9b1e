import type { Command } from 'commander';
import type { Page, RunFilter, RunView } from '@/core/wire';
import type { Client } from './client';
import { UsageError } from './errors';
import { pointInTime } from './parse';

interface FilterOptions {
  entity?: string;
  queue?: string;
  state?: string;
  project?: string;
  author?: string;
  label?: string;
  job?: string;
  category?: string;
  search?: string;
  from?: string;
  to?: string;
  view?: string;
}

/** The filters of the runs page, for every command that is about many runs. */
export const addFilterOptions = (command: Command): Command =>
  command
    .option('-q, --queue <queue>')
    .option('--state <states>', 'one or several, separated by commas; "active" means not ended')
    .option('-p, --project <project>')
    .option('--author <author>')
    .option('--label <label>')
    .option('--job <job>', 'name, or name:v3 for one version')
    .option('--category <category>', 'failed runs of this category')
    .option('--search <text>', 'in id or name')
    .option('--from <time>', 'launched at or after: a time, or so long ago (90m, 24h, 7d)', pointInTime)
    .option('--to <time>', 'launched before', pointInTime)
    .option('--view <name>', 'what a saved view keeps; other options narrow it further');

/** What the options keep of the runs of an entity. */
export async function filterOf(client: Client, options: FilterOptions): Promise<RunFilter> {
  const { queue, state, project, author, label, job, category, search, from, to } = options;
  const kept = options.view === undefined ? {} : await viewFilter(client, options.entity, options.view);
  const asked = { queue, state, project, author, label, job, category, q: search, from, to };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { ...kept, ...given };
}

/** A saved view by its name. */
export async function findView(client: Client, entity: string | undefined, name: string): Promise<RunView> {
  const { items } = await client.get<Page<RunView>>(await client.path(entity, 'run-views'));
  const view = items.find((each) => each.name === name);
  if (view) return view;
  const names = items.map((each) => each.name).join(', ');
  throw new UsageError(
    `There is no view ${JSON.stringify(name)}. ${names === '' ? 'None is saved yet.' : `There are: ${names}`}`,
  );
}

const viewFilter = async (client: Client, entity: string | undefined, name: string): Promise<RunFilter> =>
  (await findView(client, entity, name)).filter;
