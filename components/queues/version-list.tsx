'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Queue, QueueVersion } from '@/core/wire';
import { ConfigDiff } from '../editor/config-diff';
import { api } from '../lib/api';
import { plural } from '../lib/format';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Select } from '../ui/select';
import { TableSkeleton } from '../ui/skeleton';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { toast } from '../ui/toast';
import { queuePath, queueQueries } from './queries';
import { useRole } from './use-role';

/** All versions of a configuration: look at one, compare two, bring one back. */
export function VersionList({ queue }: { queue: Queue }) {
  const client = useQueryClient();
  const { mayAdminister } = useRole(queue.entity);
  const { data, error, refetch, isFetching } = useQuery(queueQueries.versions(queue.entity, queue.name));
  const [viewed, setViewed] = useState<QueueVersion>();
  const [restored, setRestored] = useState<QueueVersion>();
  const [compared, setCompared] = useState<{ before: number; after: number }>();
  const restore = useMutation({
    mutationFn: (version: number) =>
      api.post<Queue>(`${queuePath(queue.entity, queue.name)}/versions/${version}/restore`, {}),
    onSuccess: async (now, version) => {
      client.setQueryData(['queue', queue.entity, queue.name], now);
      toast.success(`Version ${version} is back as version ${now.version}.`);
      await client.invalidateQueries({ queryKey: ['queue', queue.entity, queue.name] });
    },
  });
  const versions = data?.toSorted((a, b) => b.version - a.version) ?? [];
  return (
    <SectionCard title="Versions" flush>
      {error !== null && data === undefined ? (
        <ErrorCard
          problem={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
          compact
          className="m-3"
        />
      ) : data === undefined ? (
        <TableSkeleton rows={2} columns={4} label="Loading the versions" />
      ) : (
        <Table label="Versions">
          <TableHead>
            <Th>Version</Th>
            <Th>Author</Th>
            <Th>Saved</Th>
            <Th>Note</Th>
            <Th numeric>Runs</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </TableHead>
          <TableBody>
            {versions.map((version) => (
              <Tr key={version.version}>
                <Td className="font-medium">
                  v{version.version} {version.version === queue.version && <Badge tone="ok">in force</Badge>}
                </Td>
                <Td label="Author">{version.author}</Td>
                <Td label="Saved" className="text-muted">
                  <RelativeTime at={version.createdAt} />
                </Td>
                <Td label="Note" className="max-w-80 text-muted">
                  <span className="block truncate" title={version.note}>
                    {version.note === '' ? '–' : version.note}
                  </span>
                </Td>
                <Td label="Runs" numeric>
                  {version.runs}
                </Td>
                <Td>
                  <span className="flex justify-end gap-1 max-sm:justify-start">
                    <Button size="sm" variant="ghost" onClick={() => setViewed(version)}>
                      View
                    </Button>
                    {versions.length > 1 && (
                      <Button
                        size="sm"
                        variant="ghost"
                        onClick={() =>
                          setCompared(
                            version.version === queue.version
                              ? { before: (versions[1] ?? version).version, after: version.version }
                              : { before: version.version, after: queue.version },
                          )
                        }
                      >
                        Compare
                      </Button>
                    )}
                    {mayAdminister && version.version !== queue.version && (
                      <Button size="sm" variant="ghost" onClick={() => setRestored(version)}>
                        Restore
                      </Button>
                    )}
                  </span>
                </Td>
              </Tr>
            ))}
          </TableBody>
        </Table>
      )}
      {compared !== undefined && (
        <Comparison
          versions={versions}
          {...compared}
          onChange={setCompared}
          onClose={() => setCompared(undefined)}
        />
      )}
      <Dialog
        open={viewed !== undefined}
        onOpenChange={(open) => !open && setViewed(undefined)}
        size="lg"
        title={`Version ${viewed?.version ?? ''}`}
        description={
          viewed === undefined ? undefined : `${viewed.author}${viewed.note === '' ? '' : `: ${viewed.note}`}`
        }
      >
        {viewed !== undefined && (
          <div className="flex flex-col gap-3">
            <CodeBlock code={viewed.config.source} label="Copy the configuration" />
            <h3 className="text-sm font-semibold">
              {plural(Object.keys(viewed.templates).length, 'variable')}
            </h3>
            {Object.keys(viewed.templates).length > 0 && (
              <CodeBlock code={JSON.stringify(viewed.templates, null, 2)} label="Copy the variables" />
            )}
          </div>
        )}
      </Dialog>
      <ConfirmDialog
        open={restored !== undefined}
        onOpenChange={(open) => !open && setRestored(undefined)}
        title={`Bring version ${restored?.version ?? ''} back?`}
        description={`Its text and variables become version ${queue.version + 1}. Runs that wait keep the version they were enqueued with.`}
        confirmLabel="Restore"
        onConfirm={() => restore.mutateAsync(restored?.version ?? 0)}
      />
    </SectionCard>
  );
}

interface ComparisonProps {
  versions: readonly QueueVersion[];
  before: number;
  after: number;
  onChange: (pair: { before: number; after: number }) => void;
  onClose: () => void;
}

function Comparison({ versions, before, after, onChange, onClose }: ComparisonProps) {
  const options = versions.map((each) => ({ value: String(each.version), label: `v${each.version}` }));
  const first = versions.find((each) => each.version === before);
  const second = versions.find((each) => each.version === after);
  if (first === undefined || second === undefined) return null;
  return (
    <div className="border-t border-line">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2 text-sm">
        <span>Changes from</span>
        <Select
          size="sm"
          className="w-20"
          aria-label="Older version"
          value={String(before)}
          onValueChange={(value) => onChange({ before: Number(value), after })}
          options={options}
        />
        <span>to</span>
        <Select
          size="sm"
          className="w-20"
          aria-label="Newer version"
          value={String(after)}
          onValueChange={(value) => onChange({ before, after: Number(value) })}
          options={options}
        />
        <Button size="sm" variant="ghost" className="ml-auto" onClick={onClose}>
          Close
        </Button>
      </div>
      <ConfigDiff
        before={first.config}
        after={second.config}
        beforeLabel={`Version ${before}`}
        afterLabel={`Version ${after}`}
      />
    </div>
  );
}
