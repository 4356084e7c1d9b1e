'use client';
import { Grid3x3, Plus, Trash2 } from 'lucide-react';
import type { Queue } from '@/core/wire';
import { plural } from '../lib/format';
import { Button } from '../ui/button';
import { Combobox } from '../ui/combobox';
import { Field } from '../ui/field';
import { IconButton } from '../ui/icon-button';
import { Textarea } from '../ui/input';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { axisFields, type Axis, type Batch } from './batch';
import type { LaunchForm } from './launch-form';
import { Section } from './section';

export interface BatchSectionProps {
  form: LaunchForm;
  queue: Queue;
  axes: readonly Axis[];
  onAxes: (axes: Axis[]) => void;
  batch: Batch;
}

/** Rows that are listed; the rest is counted. */
const LISTED = 100;

/** Several values for some fields: each combination is a run, listed before anything is sent. */
export function BatchSection({ form, queue, axes, onAxes, batch }: BatchSectionProps) {
  if (axes.length === 0)
    return (
      <Section title="Batch">
        <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
          <Button onClick={() => onAxes([{ field: '', text: '' }])}>
            <Grid3x3 aria-hidden /> Several values…
          </Button>
          Launch one run for each combination of values, at once.
        </div>
      </Section>
    );
  const change = (index: number, part: Partial<Axis>) =>
    onAxes(axes.map((axis, at) => (at === index ? { ...axis, ...part } : axis)));
  const options = axisFields(form, queue).map((value) => ({ value }));
  return (
    <Section title="Batch">
      {axes.map((axis, index) => (
        <div key={index} className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
          <Field label="Field that varies" hint="Also env.NAME or config.KEY of your own.">
            <Combobox
              value={axis.field}
              onValueChange={(field) => change(index, { field })}
              options={options}
              allowCustom
              placeholder="Choose a field"
              empty="Type env.NAME or config.KEY."
            />
          </Field>
          <Field label="Values" hint="One a line.">
            <Textarea
              mono
              value={axis.text}
              onChange={(event) => change(index, { text: event.target.value })}
            />
          </Field>
          <IconButton
            label={`Remove ${axis.field === '' ? 'this field' : axis.field}`}
            className="sm:mt-6"
            onClick={() => onAxes(axes.filter((_, at) => at !== index))}
          >
            <Trash2 aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="sm" onClick={() => onAxes([...axes, { field: '', text: '' }])}>
          <Plus aria-hidden /> Another field
        </Button>
      </div>
      {batch.problem === undefined ? (
        <BatchGrid axes={axes.filter(({ field }) => field !== '')} batch={batch} />
      ) : (
        <p className="text-sm text-muted" role="status">
          {batch.problem}
        </p>
      )}
    </Section>
  );
}

function BatchGrid({ axes, batch: { rows } }: { axes: readonly Axis[]; batch: Batch }) {
  const wrong = rows.filter(({ errors }) => errors.length > 0).length;
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <p className="border-b border-line px-3 py-2 text-sm" role="status">
        {plural(rows.length, 'run')}
        {wrong > 0 && <span className="text-danger">, {plural(wrong, 'run')} with errors</span>}
      </p>
      <div
        className="max-h-64 overflow-y-auto"
        tabIndex={0}
        role="region"
        aria-label="Runs of the batch, listed"
      >
        <Table label="Runs of the batch">
          <TableHead>
            <Th numeric>#</Th>
            {axes.map(({ field }) => (
              <Th key={field} className="font-mono">
                {field}
              </Th>
            ))}
            <Th>Problem</Th>
          </TableHead>
          <TableBody>
            {rows.slice(0, LISTED).map(({ cells, errors }, index) => (
              <Tr key={index}>
                <Td label="#" numeric className="text-muted">
                  {index + 1}
                </Td>
                {cells.map((cell, at) => (
                  <Td
                    key={at}
                    label={axes[at]?.field}
                    className="max-w-60 truncate font-mono text-xs"
                    title={cell}
                  >
                    {cell}
                  </Td>
                ))}
                <Td label="Problem" className="text-danger">
                  {errors[0]?.message}
                </Td>
              </Tr>
            ))}
          </TableBody>
        </Table>
        {rows.length > LISTED && (
          <p className="px-4 py-2 text-sm text-muted">and {plural(rows.length - LISTED, 'more run')}</p>
        )}
      </div>
    </div>
  );
}
