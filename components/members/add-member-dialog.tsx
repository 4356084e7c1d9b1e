'use client';
import { useState } from 'react';
import type { Member, RoleName } from '@/core/wire';
import { api, path } from '../lib/api';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
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
  return (
    <FormDialog
      title={`Add a member to ${entity}`}
      submitLabel="Add member"
      ready={email.trim() !== ''}
      typed={email !== ''}
      fields={['email', 'role']}
      onSubmit={async () => {
        const member = await api.put<Member>(`${path('entities', entity)}/members`, {
          email: email.trim(),
          role,
        });
        toast.success(`${member.name} is ${member.role} of ${entity}`);
        onAdded();
        onClose();
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label="E-mail"
            required
            error={errorOf('email')}
            hint="Of somebody who has an account on this Slipway."
          >
            <Input type="email" value={email} onChange={(event) => setEmail(event.target.value)} autoFocus />
          </Field>
          <Field label="Role" group error={errorOf('role')}>
            <RadioCards
              label="Role"
              className="lg:grid-cols-3"
              value={role}
              onValueChange={setRole}
              options={ROLES.map(({ value, label, description }) => ({ value, title: label, description }))}
            />
          </Field>
        </>
      )}
    </FormDialog>
  );
}
