import type { JobVersion } from '@/core/wire';
import { SectionCard } from '../ui/card';
import { CloseButton } from '../ui/close-button';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { versionDiff } from './version-diff';

/** What is different between two versions of a job. */
export function VersionDiff({
  before,
  after,
  onClose,
}: {
  before: JobVersion;
  after: JobVersion;
  onClose: () => void;
}) {
  const changes = versionDiff(before, after);
  return (
    <SectionCard
      title={`From v${before.version} to v${after.version}`}
      actions={<CloseButton aria-label="Close the comparison" onClick={onClose} />}
      flush
    >
      {changes.length === 0 ? (
        <p className="p-4 text-sm text-muted">Source, entrypoint and input schema are the same.</p>
      ) : (
        <Table label={`Difference from v${before.version} to v${after.version}`}>
          <TableHead>
            <Th>What</Th>
            <Th>v{before.version}</Th>
            <Th>v{after.version}</Th>
          </TableHead>
          <TableBody>
            {changes.map((change) => (
              <Tr key={change.name}>
                <Td className="align-top font-medium sm:py-2.5">{change.name}</Td>
                <Td label={`v${before.version}`} className="align-top sm:py-2.5">
                  <Value text={change.before} className="text-danger" />
                </Td>
                <Td label={`v${after.version}`} className="align-top sm:py-2.5">
                  <Value text={change.after} className="text-ok" />
                </Td>
              </Tr>
            ))}
          </TableBody>
        </Table>
      )}
    </SectionCard>
  );
}

function Value({ text, className }: { text: string | null; className: string }) {
  if (text === null) return <span className="text-faint">none</span>;
  return <span className={`font-mono text-[13px] break-all whitespace-pre-wrap ${className}`}>{text}</span>;
}
