'use client';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { api } from '../lib/api';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';

/** Ends all browser sessions: they carry a number that the server then no longer takes, so there is no list of them to choose from. */
export function SignOutEverywhere() {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <LogOut aria-hidden /> Sign out everywhere…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out everywhere"
        description="Every browser that is signed in as you is signed out, this one included. API keys stay valid."
        confirmLabel="Sign out everywhere"
        danger
        onConfirm={async () => {
          await api.post('/viewer/sign-out-everywhere');
          const { signOut } = await import('next-auth/react');
          await signOut({ redirect: false });
          window.location.assign('/sign-in');
        }}
      />
    </>
  );
}
