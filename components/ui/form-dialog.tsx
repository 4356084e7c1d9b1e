'use client';
import { useId, useState, type ReactNode, type SubmitEvent } from 'react';
import { toProblem, type ApiProblem } from '../lib/api';
import { sentence } from '../lib/form';
import { Button } from './button';
import { Dialog, type DialogProps } from './dialog';
import { ErrorCard } from './error-card';

export interface FormDialogProps extends Pick<DialogProps, 'title' | 'description' | 'size'> {
  /** What the button does: "Create token". */
  submitLabel: string;
  /** Whether enough is filled in to be sent. */
  ready?: boolean;
  /** Something was typed or chosen: a click outside or Esc does not close it. */
  typed: boolean;
  /** Paths of the fields that show their own refusals; what belongs to none of them is shown above the buttons. */
  fields?: readonly string[];
  /** Sends it. A refusal is shown in the dialog, which stays open with all that was typed; closing is up to the caller. */
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  /** The fields; `errorOf` gives what the server said of one of `fields`. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
}

/** A form in a dialog: title, fields, refusals in place with the request's id, Cancel and the one button that sends it. */
export function FormDialog({
  submitLabel,
  ready = true,
  typed,
  fields = [],
  onSubmit,
  onClose,
  children,
  ...dialog
}: FormDialogProps) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const refusals = refusalsOf(problem, fields);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await onSubmit();
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      {...dialog}
      open
      onOpenChange={(open) => !open && onClose()}
      sticky={typed || busy}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={id} loading={busy} disabled={!ready}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={id} className="flex flex-col gap-4" noValidate onSubmit={(event) => void submit(event)}>
        {children((field) => refusals.get(field))}
        {problem !== undefined && refusals.size === 0 && <ErrorCard problem={problem} compact />}
      </form>
    </Dialog>
  );
}

/** What the server refused, by field; empty unless every part of the refusal has its field. */
function refusalsOf(problem: ApiProblem | undefined, fields: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (problem === undefined) return found;
  for (const { path, message } of problem.errors) {
    const field = fields.find((each) => path === each || path.startsWith(`${each}.`));
    if (field === undefined) return new Map();
    if (!found.has(field)) found.set(field, sentence(message));
  }
  return found;
}
