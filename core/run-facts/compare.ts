import type { Json, Run, RunSubmission } from '@/core/wire';

export interface Difference {
  path: string;
  left: string | undefined;
  right: string | undefined;
}

const MAX_DEPTH = 20;

/** The leaves of a document by path, as text: `spec.template.spec.containers[0].image`. */
export function leavesOf(value: Json | undefined, path = '', depth = 0): Map<string, string> {
  const leaves = new Map<string, string>();
  if (value === undefined) return leaves;
  const entries: [string, Json][] | undefined =
    typeof value !== 'object' || value === null || depth > MAX_DEPTH
      ? undefined
      : Array.isArray(value)
        ? value.map((item, index) => [`${path}[${index}]`, item])
        : Object.entries(value).map(([key, item]) => [path === '' ? key : `${path}.${key}`, item]);
  if (entries === undefined || entries.length === 0) {
    leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    return leaves;
  }
  for (const [key, item] of entries)
    for (const [leaf, text] of leavesOf(item, key, depth + 1)) leaves.set(leaf, text);
  return leaves;
}

/** All paths of two documents with both values; equal ones too. */
export function compareDocuments(left: Json | undefined, right: Json | undefined): Difference[] {
  const [a, b] = [leavesOf(left), leavesOf(right)];
  return [...new Set([...a.keys(), ...b.keys()])].map((path) => ({
    path,
    left: a.get(path),
    right: b.get(path),
  }));
}

/** What a run was launched with, as one document. */
export const launchOf = (run: Run): Json => ({
  queue: `${run.entity}/${run.queue}`,
  'queue version': run.queueVersion,
  job: run.job === null ? null : `${run.job.name}:v${run.job.version}`,
  image: run.image,
  entrypoint: run.entrypoint,
  args: run.args,
  values: run.templateValues,
  env: run.env,
  config: run.config,
  overrides: run.resourceArgs,
  priority: run.priority,
  project: run.project,
  labels: run.labels,
});

/** The document that was sent last, without what differs by nature: ids and names of the runs themselves. */
export function submissionOf(run: Run, submissions: readonly RunSubmission[]): Json | undefined {
  const latest = submissions.toSorted((a, b) => b.attempt - a.attempt)[0]?.submission;
  const document = latest?.document ?? latest?.argv;
  if (document === undefined) return undefined;
  const text = JSON.stringify(document).replaceAll(run.id, '<run id>');
  return JSON.parse(text) as Json;
}
