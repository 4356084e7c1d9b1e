'use client';
import { useState, type SubmitEvent } from 'react';
import type { Member, RoleName } from '@/core/wire';
import { api, path, toProblem, type ApiProblem } from '../lib/api';
import { sentence } from '../lib/form';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { RadioCards } from '../ui/radio-cards';
import { toast } from '../ui/toast';
import { ROLES } from './roles';

/** Adds somebody who has an account, by e-mail. */
export function AddMemberDialog({
  entity,
  onClose,
  onAdded,
}: {
  entity: string;
  onClose: () => void;
  onAdded: () => void;
}) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<RoleName>('member');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const emailError = problem?.errors.find((error) => error.path === 'email')?.message;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const member = await api.put<Member>(`${path('entities', entity)}/members`, {
        email: email.trim(),
        role,
      });
      toast.success(`${member.name} is ${member.role} of ${entity}`);
      onAdded();
      onClose();
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      sticky={email !== ''}
      title={`Add a member to ${entity}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="add-member"
            loading={busy}
            disabled={email.trim() === ''}
          >
            Add member
          </Button>
        </>
      }
    >
      <form
        id="add-member"
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => void submit(event)}
      >
        <Field
          label="E-mail"
          required
          error={emailError === undefined ? undefined : sentence(emailError)}
          hint="Of somebody who has an account on this Slipway."
        >
          <Input type="email" value={email} onChange={(event) => setEmail(event.target.value)} autoFocus />
        </Field>
        <Field label="Role" group>
          <RadioCards
            label="Role"
            className="lg:grid-cols-3"
            value={role}
            onValueChange={setRole}
            options={ROLES.map(({ value, label, description }) => ({ value, title: label, description }))}
          />
        </Field>
        {problem !== undefined && emailError === undefined && <ErrorCard problem={problem} compact />}
      </form>
    </Dialog>
  );
}
