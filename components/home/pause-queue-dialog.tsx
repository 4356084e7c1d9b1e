'use client';
import { useState } from 'react';
import { pauseQueue } from '../lib/changes';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Field } from '../ui/field';
import { Input } from '../ui/input';

export interface PauseQueueDialogProps {
  queue: { entity: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks why a queue is paused: the note is shown on everything that waits. */
export function PauseQueueDialog({ queue, open, onOpenChange }: PauseQueueDialogProps) {
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Pause ${queue.name}`}
      description="Runs in flight go on; what waits keeps its place. People can still launch."
      confirmLabel="Pause queue"
      onConfirm={() => pauseQueue(queue.entity, queue.name, note.trim())}
    >
      <Field
        label="Why"
        optional
        hint="Shown on every run that waits, for example: GPU driver update, back at 15:00."
      >
        <Input value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} autoFocus />
      </Field>
    </ConfirmDialog>
  );
}
