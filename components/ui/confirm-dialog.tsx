'use client';
import { useState, type ReactNode } from 'react';
import { toProblem, type ApiProblem } from '../lib/api';
import { Button } from './button';
import { Dialog } from './dialog';
import { ErrorCard } from './error-card';
import { Field } from './field';
import { Input } from './input';

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** What the button does: "Revoke token". */
  confirmLabel: string;
  danger?: boolean;
  /** The person has to type this first, where what is done cannot be undone. */
  typeToConfirm?: string;
  /** Closes when it is done; a failure is shown in the dialog, which stays open. */
  onConfirm: () => Promise<unknown>;
  /** More to choose or to read (a note, a list of what is affected). */
  children?: ReactNode;
}

/** Asks before something that is hard to undo. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  danger = false,
  typeToConfirm,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [typed, setTyped] = useState('');
  const change = (next: boolean) => {
    if (busy) return;
    if (!next) {
      setProblem(undefined);
      setTyped('');
    }
    onOpenChange(next);
  };
  const confirm = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      setTyped('');
      onOpenChange(false);
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const ready = typeToConfirm === undefined || typed === typeToConfirm;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      description={description}
      size="sm"
      footer={
        <>
          <Button onClick={() => change(false)} disabled={busy}>
            Cancel
          </Button>
          <Button
            variant={danger ? 'danger' : 'primary'}
            loading={busy}
            disabled={!ready}
            onClick={() => void confirm()}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children !== undefined || typeToConfirm !== undefined || problem !== undefined ? (
        <div className="flex flex-col gap-4">
          {children}
          {typeToConfirm !== undefined && (
            <Field
              label={
                <>
                  Type <span className="font-mono">{typeToConfirm}</span> to confirm
                </>
              }
            >
              <Input value={typed} onChange={(event) => setTyped(event.target.value)} mono />
            </Field>
          )}
          {problem !== undefined && <ErrorCard problem={problem} compact />}
        </div>
      ) : undefined}
    </Dialog>
  );
}
