// The product without one of its guards, to see that the chaos test misses it. Each is a few words of source that are taken out of a
// copy of the tree; nothing of this is in the product.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const MUTANTS = {
  fencing: {
    what: 'reports of an older attempt are accepted',
    cuts: [
      {
        file: 'server/runs/report-apply.ts',
        find: 'if (attempt !== before.attempt) throw staleAttempt();',
        replace: '',
      },
      { file: 'server/runs/report-sql.ts', find: 'r.attempt = t.attempt AND ', replace: '' },
    ],
  },
  adoption: {
    what: 'who takes a run over does not look for its job, and creates it whether or not it is there',
    cuts: [
      {
        file: 'workers/agent/runners/kubernetes/index.ts',
        find: 'async adopt(text, patience, since) {',
        replace: "async adopt(text, patience, since) {\n      if (text !== '') return false;",
      },
      {
        file: 'workers/agent/run/task.ts',
        find: "return adoption?.state === 'running' ? 'gone' : 'absent';",
        replace: "return 'absent';",
      },
      {
        file: 'workers/agent/runners/kubernetes/submit.ts',
        find: 'if (there?.metadata.labels?.[RUN_LABEL] !== runId) throw error;',
        replace: `if (there !== null) {
        const query = { propagationPolicy: 'Background' };
        await client.request(objectPath(resource, ref.namespace, ref.name), { method: 'DELETE', query, signal });
        return await client.request(path, { method: 'POST', query: { fieldValidation }, body, signal });
      }`,
      },
    ],
  },
  hint: {
    what: 'nothing checks whether the floors below which leases do not look are true',
    cuts: [
      {
        file: 'server/runs/lease-desk.ts',
        find: 'if (floors.some((floor) => floor > 0) && missing.some',
        replace: 'if (Number.isNaN(0) && missing.some',
      },
      {
        file: 'server/runs/lease-desk.ts',
        find: "else if (message.type === 'requeued') this.hints.drop(message.queueId);",
        replace: '',
      },
      {
        file: 'server/runs/hints.ts',
        find: 'if (!hints || this.now() - hints.checkedAt > FLOOR_LIFETIME_MS) return NO_FLOORS;',
        replace: 'if (!hints) return NO_FLOORS;',
      },
      {
        file: 'server/runs/hints.ts',
        find: 'const full = startedAt - hints.checkedAt >= FLOOR_LIFETIME_MS / 2;',
        replace: 'const full = hints.checkedAt === Number.NEGATIVE_INFINITY;',
      },
    ],
  },
};

/**
 * The texts of the files that a mutant changes, changed.
 * @param {string} root folder of the source
 * @param {string} name of the mutant
 * @returns {Map<string, string>} by path in the folder
 */
export function mutated(root, name) {
  const mutant = MUTANTS[name];
  if (!mutant) throw new Error(`there is no mutant "${name}"; there are: ${Object.keys(MUTANTS).join(', ')}`);
  const texts = new Map();
  for (const { file, find, replace } of mutant.cuts) {
    const text = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8');
    if (text.split(find).length !== 2)
      throw new Error(
        `${file} does not have this once: ${find}\nBring scripts/chaos/mutants.mjs up to date.`,
      );
    texts.set(file, text.split(find).join(replace));
  }
  return texts;
}

/** Writes them into a copy of the tree. */
export function mutate(root, name) {
  for (const [file, text] of mutated(root, name)) writeFileSync(path.join(root, file), text);
}
