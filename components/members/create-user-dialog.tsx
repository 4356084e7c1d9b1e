'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { createUserSchema, type User } from '@/core/wire';
import { PasswordInput } from '../access/password-input';
import { api, type ApiProblem } from '../lib/api';
import { errorOf, showProblem } from '../lib/form';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { toast } from '../ui/toast';

const FIELDS = ['name', 'email', 'username', 'password'] as const;
const formSchema = createUserSchema
  .pick({ name: true, email: true, password: true })
  .extend({ username: createUserSchema.shape.username.unwrap() });
interface Values {
  name: string;
  email: string;
  username: string;
  password: string;
}

/** Makes an account; the person changes the first password under Account. */
export function CreateUserDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const form = useForm<Values>({
    resolver: zodResolver(formSchema),
    defaultValues: { name: '', email: '', username: '', password: '' },
  });
  const [problem, setProblem] = useState<ApiProblem>();
  const { isSubmitting, isDirty } = form.formState;
  const error = (name: keyof Values) => errorOf(form, name);
  const submit = form.handleSubmit(async (values) => {
    setProblem(undefined);
    try {
      const user = await api.post<User>('/users', values);
      toast.success(`${user.name} has an account`, { description: 'Add them to a team under Members.' });
      onCreated();
      onClose();
    } catch (refusal) {
      setProblem(showProblem(form, FIELDS, refusal));
    }
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      sticky={isDirty}
      title="Create user"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="create-user" loading={isSubmitting}>
            Create user
          </Button>
        </>
      }
    >
      <form
        id="create-user"
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => void submit(event)}
      >
        <Field label="Name" required error={error('name')}>
          <Input autoFocus {...form.register('name')} />
        </Field>
        <Field label="E-mail" required error={error('email')}>
          <Input type="email" {...form.register('email')} />
        </Field>
        <Field
          label="Username"
          required
          error={error('username')}
          hint="Name of their own space: letters, digits, “.”, “_” and “-”."
        >
          <Input mono autoCapitalize="none" {...form.register('username')} />
        </Field>
        <Field
          label="First password"
          required
          error={error('password')}
          hint="At least 10 characters; hand it over on a safe way."
        >
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        {problem !== undefined && <ErrorCard problem={problem} compact />}
      </form>
    </Dialog>
  );
}
