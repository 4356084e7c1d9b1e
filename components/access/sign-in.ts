/** Why a sign-in did not work, in words; undefined when it did. */
export async function signInWithPassword(email: string, password: string): Promise<string | undefined> {
  const { signIn } = await import('next-auth/react');
  const answer = await signIn('credentials', { email, password, redirect: false }).catch(() => undefined);
  if (answer === undefined) return 'The server cannot be reached. Check the connection and try again.';
  return answer.ok && !answer.error ? undefined : signInError(answer.error ?? 'CredentialsSignin');
}

/** next-auth gives a code, or the text of what was thrown (the limit of attempts says how long to wait). */
export function signInError(code: string): string {
  switch (code) {
    case 'CredentialsSignin':
      return 'E-mail or password is wrong.';
    case 'AccessDenied':
      return 'This account may not sign in. Ask an administrator of this Slipway.';
    case 'OAuthSignin':
    case 'OAuthCallback':
    case 'OAuthCreateAccount':
    case 'Callback':
      return 'The sign-in provider did not confirm the sign-in. Try again; if it stays so, the administrator finds the reason in the log of the server.';
    case 'SessionRequired':
      return 'Sign in to see that page.';
    case 'Configuration':
      return 'Sign-in is not configured rightly. The log of the server says what is wrong.';
    default:
      return code;
  }
}

/** Where to go after signing in: a path of this site only, whatever the address says. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return '/';
  return /^\/(sign-in|setup)([/?#]|$)/.test(next) ? '/' : next;
}
