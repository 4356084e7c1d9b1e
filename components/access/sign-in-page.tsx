'use client';
import { AccessPage } from './access-page';
import { safeNext, signInError } from './sign-in';
import { SignInForm } from './sign-in-form';

/** Sign-in; afterwards the whole page is loaded anew, so that nothing of a former user stays in memory. */
export function SignInPage({
  oidc,
  next,
  error,
}: {
  oidc: boolean;
  next: string | undefined;
  error: string | undefined;
}) {
  const target = safeNext(next);
  return (
    <AccessPage title="Sign in" description="Launch queues for machine learning jobs.">
      <SignInForm
        oidc={oidc}
        next={target}
        initialError={error === undefined ? undefined : signInError(error)}
        onSignedIn={() => window.location.assign(target)}
      />
    </AccessPage>
  );
}
