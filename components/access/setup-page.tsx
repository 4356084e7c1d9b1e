'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { setupSchema, type setupStateSchema } from '@/core/wire';
import type { z } from 'zod';
import { api, type ApiProblem } from '../lib/api';
import { errorOf, showProblem } from '../lib/form';
import { Button } from '../ui/button';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { AccessPage } from './access-page';
import { PasswordInput } from './password-input';
import { signInWithPassword } from './sign-in';

const FIELDS = ['name', 'email', 'username', 'password', 'token'] as const;
const formSchema = setupSchema
  .pick({ name: true, email: true, password: true, token: true })
  .extend({ username: setupSchema.shape.username.unwrap() });
interface Values {
  name: string;
  email: string;
  username: string;
  password: string;
  token?: string | undefined;
}

/** First use: makes the first administrator, signs in, and goes to the (still empty) queues. */
export function SetupPage() {
  const form = useForm<Values>({
    resolver: zodResolver(formSchema),
    defaultValues: { name: '', email: '', username: '', password: '' },
    mode: 'onTouched',
  });
  const [problem, setProblem] = useState<ApiProblem>();
  const [usernameTouched, setUsernameTouched] = useState(false);
  const create = useMutation({
    mutationFn: (values: Values) => api.post('/setup', values),
    onSuccess: async (_answer, { email, password, username }) => {
      const refused = await signInWithPassword(email, password);
      window.location.assign(refused === undefined ? `/${encodeURIComponent(username)}` : '/sign-in');
    },
    onError: (error) => setProblem(showProblem(form, FIELDS, error)),
  });
  const state = useQuery({
    queryKey: ['setup'],
    queryFn: () => api.get<z.infer<typeof setupStateSchema>>('/setup'),
  });
  const error = (name: keyof Values) => errorOf(form, name);
  // Registered in the order in which they stand: the first wrong one gets the focus.
  const name = form.register('name');
  const email = form.register('email');
  const username = form.register('username');
  return (
    <AccessPage
      title="Set up Slipway"
      description="Make the first administrator. Everyone else is added later, under Members."
    >
      <form
        className="flex flex-col gap-4"
        aria-label="First administrator"
        noValidate
        onSubmit={(event) => {
          setProblem(undefined);
          void form.handleSubmit((values) => create.mutate(values))(event);
        }}
      >
        {problem !== undefined && <ErrorCard problem={problem} compact />}
        <Field label="Name" required error={error('name')}>
          <Input autoComplete="name" autoFocus {...name} />
        </Field>
        <Field label="E-mail" required error={error('email')} hint="What you sign in with.">
          <Input
            type="email"
            autoComplete="email"
            {...email}
            onChange={(event) => {
              void email.onChange(event);
              if (!usernameTouched) form.setValue('username', suggestUsername(event.target.value));
            }}
          />
        </Field>
        <Field
          label="Username"
          required
          error={error('username')}
          hint="The name of your own space, where your queues live: letters, digits, “.”, “_” and “-”."
        >
          <Input
            autoComplete="off"
            autoCapitalize="none"
            mono
            {...username}
            onChange={(event) => {
              setUsernameTouched(event.target.value !== '');
              void username.onChange(event);
            }}
          />
        </Field>
        <Field
          label="Password"
          required
          error={error('password')}
          hint="At least 10 characters; a sentence is good."
        >
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        {state.data?.tokenRequired === true && (
          <Field
            label="Set-up token"
            required
            error={error('token')}
            hint="SLIPWAY_SETUP_TOKEN in the configuration of the server."
          >
            <PasswordInput autoComplete="off" {...form.register('token')} />
          </Field>
        )}
        <Button type="submit" variant="primary" size="lg" loading={create.isPending || create.isSuccess}>
          Create administrator
        </Button>
      </form>
    </AccessPage>
  );
}

/** The part of an address before the @, as far as it may be a name. */
const suggestUsername = (email: string): string =>
  (email.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 64);
