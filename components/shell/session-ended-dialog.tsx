'use client';
import { useQueryClient } from '@tanstack/react-query';
import { SignInForm } from '../access/sign-in-form';
import { Dialog } from '../ui/dialog';
import { setSessionEnded } from '../lib/session-ended';

/** Signs in again over the page, so that nothing typed in it gets lost. */
export function SessionEndedDialog({ oidc }: { oidc: boolean }) {
  const client = useQueryClient();
  return (
    <Dialog
      open
      sticky
      size="sm"
      onOpenChange={() => window.location.assign('/sign-in')}
      title="Your session has ended"
      description="Sign in again to go on; what you typed on this page is kept."
    >
      <SignInForm
        oidc={oidc}
        onSignedIn={() => {
          setSessionEnded(false);
          void client.invalidateQueries();
        }}
      />
    </Dialog>
  );
}
