'use client';
import { useState } from 'react';
import type { User } from '@/core/wire';
import { PasswordInput } from '../access/password-input';
import { api } from '../lib/api';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input } from '../ui/input';
import { toast } from '../ui/toast';

const EMPTY = { name: '', email: '', username: '', password: '' };
type FieldName = keyof typeof EMPTY;
const FIELDS = Object.keys(EMPTY);

/** Makes an account; the person changes the first password under Account. */
export function CreateUserDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const [values, setValues] = useState(EMPTY);
  const control = (field: FieldName) => ({
    value: values[field],
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [field]: event.target.value }),
  });
  return (
    <FormDialog
      title="Create user"
      submitLabel="Create user"
      ready={Object.values(values).every((value) => value.trim() !== '')}
      typed={Object.values(values).some((value) => value !== '')}
      fields={FIELDS}
      onSubmit={async () => {
        const user = await api.post<User>('/users', values);
        toast.success(`${user.name} has an account`, { description: 'Add them to a team under Members.' });
        onCreated();
        onClose();
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field label="Name" required error={errorOf('name')}>
            <Input autoFocus maxLength={100} {...control('name')} />
          </Field>
          <Field label="E-mail" required error={errorOf('email')}>
            <Input type="email" {...control('email')} />
          </Field>
          <Field
            label="Username"
            required
            error={errorOf('username')}
            hint="Name of their own space: letters, digits, “.”, “_” and “-”."
          >
            <Input mono autoCapitalize="none" maxLength={64} {...control('username')} />
          </Field>
          <Field
            label="First password"
            required
            error={errorOf('password')}
            hint="At least 10 characters; hand it over on a safe way."
          >
            <PasswordInput autoComplete="new-password" {...control('password')} />
          </Field>
        </>
      )}
    </FormDialog>
  );
}
