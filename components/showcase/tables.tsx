'use client';
import { useState } from 'react';
import { rowProps, useRowKeys } from '../lib/row-keys';
import { serverNow } from '../lib/clock';
import { SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { StateBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { Duration, RelativeTime } from '../ui/time';

const ROWS = ['calm-otter-1', 'brave-heron-2', 'a-name-that-is-as-long-as-names-may-be-'.padEnd(64, 'x')];

/** A list with rows that are walked (`j`, `k`) and selected (`x`, `Shift x`); cards below 640 px. */
export function TablesAndCode() {
  const [selected, onChange] = useState<ReadonlySet<string>>(new Set([ROWS[1] ?? '']));
  const [began] = useState(() => new Date(serverNow() - 372_000).toISOString());
  useRowKeys({ ids: ROWS, selection: { selected, onChange }, group: 'Showcase' });
  return (
    <>
      <SectionCard title="Tables" description="j and k walk, x selects, Shift x selects up to the row." flush>
        <Table label="Example">
          <TableHead>
            <Th>Run</Th>
            <Th>State</Th>
            <Th numeric>Exit code</Th>
            <Th>Started</Th>
            <Th>Duration</Th>
          </TableHead>
          <TableBody>
            {ROWS.map((name) => (
              <Tr key={name} {...rowProps(name)} selected={selected.has(name)}>
                <Td className="max-w-72">
                  <span className="block truncate font-medium">{name}</span>
                </Td>
                <Td label="State">
                  <StateBadge state="finished" />
                </Td>
                <Td label="Exit code" numeric>
                  0
                </Td>
                <Td label="Started">
                  <RelativeTime at={began} />
                </Td>
                <Td label="Duration">
                  <Duration from={began} />
                </Td>
              </Tr>
            ))}
          </TableBody>
        </Table>
      </SectionCard>
      <SectionCard title="Code">
        <CodeBlock code={'docker run --rm --gpus 2 \\\n  example/train:1 python train.py'} />
      </SectionCard>
    </>
  );
}
