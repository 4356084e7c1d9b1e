'use client';
import type { ReactNode } from 'react';
import { Button } from '../ui/button';
import { CodeBlock } from '../ui/code-block';
import { Dialog } from '../ui/dialog';
import { Notice } from '../ui/notice';

export interface SecretOnceProps {
  title: string;
  secret: string;
  copyLabel: string;
  onClose: () => void;
  /** How to use it: the ready command. */
  children?: ReactNode;
}

/** A credential that is shown only now; a stray click or Esc does not close it. */
export function SecretOnce({ title, secret, copyLabel, onClose, children }: SecretOnceProps) {
  return (
    <Dialog
      open
      sticky
      size="lg"
      onOpenChange={onClose}
      title={title}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Notice tone="warn">
          It is shown only now: copy it to where it is used. Slipway keeps just a hash of it.
        </Notice>
        <CodeBlock code={secret} label={copyLabel} wrap />
        {children}
      </div>
    </Dialog>
  );
}
