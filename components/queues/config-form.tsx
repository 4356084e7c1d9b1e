'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Save } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { Queue, UpdateQueue } from '@/core/wire';
import { ConfigDiff } from '../editor/config-diff';
import { api, toProblem } from '../lib/api';
import { plural } from '../lib/format';
import { Button } from '../ui/button';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { Kbd } from '../ui/kbd';
import { toast } from '../ui/toast';
import { ConfigWorkbench } from './config-workbench';
import { EditDraft, forgetEdit } from './edit-draft';
import { queuePath } from './queries';
import { sortSaveErrors } from './save-errors';
import { TryIt } from './try-it';
import { useConfigDraft } from './use-config-draft';
import { useRole } from './use-role';

export interface ConfigFormProps {
  /** The version that the change is made from. */
  base: Queue;
  /** The queue as it is now; somebody else may have saved meanwhile. */
  current: Queue;
  onDirty: (dirty: boolean) => void;
  onSaved: (queue: Queue) => void;
}

/** Change of a configuration: saved as a new version, with the other text beside it when somebody else was faster. */
export function ConfigForm({ base, current, onDirty, onSaved }: ConfigFormProps) {
  const client = useQueryClient();
  const { mayAdminister } = useRole(base.entity);
  const [note, setNote] = useState('');
  const draft = useConfigDraft(base.resource, base.config, base.templates);
  const dirty =
    draft.source !== base.config.source ||
    draft.format !== base.config.format ||
    canonical(draft.templates) !== canonical(base.templates);
  const report = useEffectEvent(onDirty);
  useEffect(() => report(dirty), [dirty]);

  const save = useMutation({
    mutationFn: async (baseVersion: number) => {
      const { config, templates } = await draft.parse();
      return api.patch<Queue>(queuePath(base.entity, base.name), {
        config,
        templates,
        baseVersion,
        note: note.trim(),
      } satisfies UpdateQueue);
    },
    onSuccess: async (queue) => {
      forgetEdit(queue);
      client.setQueryData(['queue', queue.entity, queue.name], queue);
      toast.success(`Saved as version ${queue.version}.`);
      onSaved(queue);
      await client.invalidateQueries({ queryKey: ['queue', queue.entity, queue.name] });
    },
    onError: (error) => {
      if (toProblem(error).status === 409)
        void client.invalidateQueries({ queryKey: ['queue', base.entity, base.name] });
    },
  });
  const problem = useMemo(() => (save.error === null ? undefined : toProblem(save.error)), [save.error]);
  const refused = useMemo(() => sortSaveErrors(problem?.errors ?? []).problems, [problem?.errors]);
  const moved = current.version !== base.version;
  const errors = draft.problems.filter((each) => each.severity === 'error').length + draft.tileErrors;
  const trySave = async () => {
    if (!dirty || save.isPending) return;
    const { problems: read } = await draft.parse();
    const found = read.filter((each) => each.severity === 'error').length + draft.tileErrors;
    if (found > 0)
      toast.error('The configuration has errors', { description: 'The list under the text says where.' });
    else save.mutate(base.version);
  };
  return (
    <section aria-label="Queue config" className="flex flex-col gap-3">
      {mayAdminister && <EditDraft base={base} draft={draft} dirty={dirty} />}
      <ConfigWorkbench
        draft={draft}
        readOnly={!mayAdminister}
        serverProblems={refused}
        onSave={() => void trySave()}
      />
      {mayAdminister && (
        <>
          {moved && dirty && (
            <Conflict
              mine={draft.source}
              base={base}
              current={current}
              saving={save.isPending}
              onOverwrite={() => save.mutate(current.version)}
              onTheirs={() => {
                forgetEdit(base);
                save.reset();
                onSaved(current);
              }}
            />
          )}
          {problem !== undefined && problem.status !== 409 && <ErrorCard problem={problem} compact />}
          <div className="flex flex-wrap items-end gap-3 rounded-lg border border-line bg-surface p-3">
            <Field label="Note for this version" optional className="min-w-60 flex-1">
              <Input
                value={note}
                onChange={(event) => setNote(event.target.value)}
                maxLength={500}
                placeholder="Why it is changed"
                disabled={!dirty}
              />
            </Field>
            <p className="text-xs text-muted" role="status">
              {!dirty
                ? 'Nothing was changed.'
                : errors > 0
                  ? `${plural(errors, 'error')} to mend first.`
                  : `Becomes version ${current.version + 1}${current.counts.waiting > 0 ? `; ${plural(current.counts.waiting, 'waiting run keeps', 'waiting runs keep')} their version` : ''}.`}
            </p>
            <Button
              disabled={!dirty}
              onClick={() => {
                forgetEdit(base);
                draft.replace(base.config, base.templates);
              }}
            >
              Discard
            </Button>
            <Button
              variant="primary"
              disabled={!dirty || moved}
              loading={save.isPending}
              onClick={() => void trySave()}
            >
              <Save aria-hidden /> Save config <Kbd keys="mod+s" inverted className="max-sm:hidden" />
            </Button>
          </div>
        </>
      )}
      <TryIt entity={base.entity} queue={base.name} prioritized={base.prioritized} draft={draft} />
    </section>
  );
}

/** Tiles in one spelling, whatever the order of their settings. */
const canonical = (templates: Queue['templates']): string =>
  JSON.stringify(
    Object.entries(templates)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, variable]) => [
        name,
        Object.entries(variable)
          .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ]),
  );

interface ConflictProps {
  mine: string;
  base: Queue;
  current: Queue;
  saving: boolean;
  onOverwrite: () => void;
  onTheirs: () => void;
}

/** Somebody else saved meanwhile: both texts, and the two ways to go on. Nothing typed is lost. */
function Conflict({ mine, base, current, saving, onOverwrite, onTheirs }: ConflictProps) {
  return (
    <div role="alert" className="overflow-hidden rounded-lg border border-warn/40 bg-surface">
      <div className="flex flex-wrap items-center gap-3 bg-warn-soft px-4 py-3 text-sm">
        <p className="min-w-0 flex-1">
          <span className="font-medium">
            Version {current.version} was saved while you changed version {base.version}.
          </span>{' '}
          Take over what you need into the text above, then save yours, or go on from theirs.
        </p>
        <Button size="sm" onClick={onTheirs}>
          Discard mine, go on from v{current.version}
        </Button>
        <Button size="sm" variant="danger" loading={saving} onClick={onOverwrite}>
          Save mine as v{current.version + 1}
        </Button>
      </div>
      <ConfigDiff
        before={current.config}
        after={{ format: current.config.format, source: mine }}
        beforeLabel={`Version ${current.version} (theirs)`}
        afterLabel="Yours"
      />
    </div>
  );
}
