'use client';
import { LogIn } from 'lucide-react';
import { useRef, useState, type SubmitEvent } from 'react';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { Notice } from '../ui/notice';
import { PasswordInput } from './password-input';
import { signInWithPassword } from './sign-in';

export interface SignInFormProps {
  oidc: boolean;
  /** Path to come back to after the provider. */
  next?: string;
  initialError?: string;
  onSignedIn: () => void;
}

/** E-mail and password, and the provider where there is one. */
export function SignInForm({ oidc, next, initialError, onSignedIn }: SignInFormProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(initialError);
  const passwordRef = useRef<HTMLInputElement>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const refused = await signInWithPassword(email, password);
    if (refused === undefined) {
      onSignedIn();
      return;
    }
    setBusy(false);
    setError(refused);
    passwordRef.current?.select();
  };
  const withProvider = async () => {
    const { signIn } = await import('next-auth/react');
    await signIn('oidc', { callbackUrl: next ?? window.location.pathname + window.location.search });
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" aria-label="Sign in">
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
      <Field label="E-mail" required>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          required
          autoFocus
        />
      </Field>
      <Field label="Password" required>
        <PasswordInput
          ref={passwordRef}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" loading={busy}>
        Sign in
      </Button>
      {oidc && (
        <>
          <div className="flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            or
          </div>
          <Button size="lg" onClick={() => void withProvider()}>
            <LogIn aria-hidden /> Sign in with single sign-on
          </Button>
        </>
      )}
    </form>
  );
}
