'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { changePasswordSchema } from '@/core/wire';
import { api, type ApiProblem } from '../lib/api';
import { errorOf, showProblem } from '../lib/form';
import { accessQueries } from '../lib/queries';
import { Button } from '../ui/button';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { toast } from '../ui/toast';
import { PasswordInput } from './password-input';
import { signInWithPassword } from './sign-in';

const FIELDS = ['current', 'password'] as const;
interface Values {
  current: string;
  password: string;
}

/** Changes the password; this browser is signed in again with the new one. */
export function PasswordForm() {
  const { data: viewer } = useQuery(accessQueries.viewer());
  const form = useForm<Values>({
    resolver: zodResolver(changePasswordSchema),
    defaultValues: { current: '', password: '' },
    mode: 'onTouched',
  });
  const [problem, setProblem] = useState<ApiProblem>();
  const { isSubmitting } = form.formState;
  const error = (name: keyof Values) => errorOf(form, name);
  const submit = form.handleSubmit(async (values) => {
    setProblem(undefined);
    try {
      await api.post('/viewer/password', values);
    } catch (refusal) {
      setProblem(showProblem(form, FIELDS, refusal));
      return;
    }
    form.reset();
    const refused =
      viewer === undefined ? 'unknown' : await signInWithPassword(viewer.user.email, values.password);
    if (refused === undefined)
      toast.success('Password changed', { description: 'All your other sessions have ended.' });
    else window.location.assign('/sign-in');
  });
  return (
    <form
      aria-label="Change the password"
      className="flex max-w-sm flex-col gap-4"
      noValidate
      onSubmit={(event) => void submit(event)}
    >
      <input
        type="email"
        name="username"
        autoComplete="username"
        value={viewer?.user.email ?? ''}
        readOnly
        hidden
      />
      <Field label="Current password" required error={error('current')}>
        <PasswordInput autoComplete="current-password" {...form.register('current')} />
      </Field>
      <Field
        label="New password"
        required
        error={error('password')}
        hint="At least 10 characters; a sentence is good."
      >
        <PasswordInput autoComplete="new-password" {...form.register('password')} />
      </Field>
      {problem !== undefined && <ErrorCard problem={problem} compact />}
      <div>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Change password
        </Button>
      </div>
    </form>
  );
}
