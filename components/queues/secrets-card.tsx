'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { secretNameSchema, type Queue } from '@/core/wire';
import { api } from '../lib/api';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { IconButton } from '../ui/icon-button';
import { Input, Textarea } from '../ui/input';
import { BlockSkeleton } from '../ui/skeleton';
import { RelativeTime } from '../ui/time';
import { toast } from '../ui/toast';
import { queuePath, queueQueries } from './queries';

/** Secrets of a queue by name. Their values go to agents only and are shown to nobody, not even to those who set them. */
export function SecretsCard({ queue, mayAdminister }: { queue: Queue; mayAdminister: boolean }) {
  const client = useQueryClient();
  const { data, error, refetch, isFetching } = useQuery({
    ...queueQueries.secrets(queue.entity, queue.name),
    enabled: mayAdminister,
  });
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [deleted, setDeleted] = useState<string>();
  const address = `${queuePath(queue.entity, queue.name)}/secrets`;
  const refresh = () => client.invalidateQueries({ queryKey: ['queue', queue.entity, queue.name] });
  const put = useMutation({
    mutationFn: () => api.put(`${address}/${encodeURIComponent(name.trim())}`, { value }),
    onSuccess: () => {
      toast.success(`Secret ${name.trim()} is kept.`);
      setName('');
      setValue('');
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (secret: string) => api.delete(`${address}/${encodeURIComponent(secret)}`),
    onSuccess: refresh,
  });
  const checked = name.trim() === '' ? undefined : secretNameSchema.safeParse(name.trim());
  const nameError = checked?.success === false ? checked.error.issues[0]?.message : undefined;
  return (
    <SectionCard
      title="Secrets"
      description="Put into the environment of each run and masked in its log. Kept encrypted; only names can be read."
    >
      {error !== null && data === undefined && (
        <ErrorCard
          problem={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
          compact
          className="mb-3"
        />
      )}
      {!mayAdminister ? (
        <p className="text-sm text-muted">
          {queue.secrets.length === 0 ? 'None.' : queue.secrets.join(', ')}
        </p>
      ) : (
        <>
          {data === undefined && error === null && (
            <BlockSkeleton label="Loading the secrets" className="mb-4 h-9" />
          )}
          {data !== undefined && data.length > 0 && (
            <ul aria-label="Secrets" className="mb-4 divide-y divide-line rounded-md border border-line">
              {data.map((secret) => (
                <li key={secret.name} className="flex items-center gap-2 px-3 py-1.5 text-sm">
                  <KeyRound className="size-4 shrink-0 text-faint" aria-hidden />
                  <code className="min-w-0 flex-1 font-mono text-xs break-all">{secret.name}</code>
                  <span className="text-xs text-muted">
                    {secret.updatedBy}, <RelativeTime at={secret.updatedAt} />
                  </span>
                  <IconButton
                    label={`Delete ${secret.name}`}
                    size="sm"
                    onClick={() => setDeleted(secret.name)}
                  >
                    <Trash2 aria-hidden />
                  </IconButton>
                </li>
              ))}
            </ul>
          )}
          <form
            aria-label="Set a secret"
            className="grid items-start gap-3 sm:grid-cols-[14rem_minmax(0,1fr)_auto]"
            onSubmit={(event) => {
              event.preventDefault();
              if (checked?.success === true && value !== '') put.mutate();
            }}
          >
            <Field label="Name" error={nameError} hint="A name that exists is overwritten.">
              <Input
                mono
                value={name}
                onChange={(event) => setName(event.target.value)}
                placeholder="WANDB_API_KEY"
              />
            </Field>
            <Field label="Value">
              <Textarea
                mono
                rows={1}
                value={value}
                onChange={(event) => setValue(event.target.value)}
                autoComplete="off"
                className="[-webkit-text-security:disc]"
              />
            </Field>
            <Button
              type="submit"
              className="sm:mt-6.5"
              loading={put.isPending}
              disabled={checked?.success !== true || value === ''}
            >
              Set secret
            </Button>
          </form>
          {put.error !== null && <ErrorCard problem={put.error} compact className="mt-3" />}
        </>
      )}
      <ConfirmDialog
        open={deleted !== undefined}
        onOpenChange={(open) => !open && setDeleted(undefined)}
        danger
        title={`Delete the secret ${deleted ?? ''}?`}
        description="Runs that start from now on do not get it. Its value cannot be brought back."
        confirmLabel="Delete secret"
        onConfirm={() => remove.mutateAsync(deleted ?? '')}
      />
    </SectionCard>
  );
}
