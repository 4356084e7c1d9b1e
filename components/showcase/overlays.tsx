'use client';
import { useState } from 'react';
import { Button, buttonStyle } from '../ui/button';
import { SectionCard } from '../ui/card';
import { ConfirmDialog } from '../ui/confirm-dialog';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input } from '../ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '../ui/popover';
import { Sheet } from '../ui/sheet';

type Opened = 'form' | 'confirm' | 'sheet';

/** What opens over a page. Each closes by Esc and gives the focus back. */
export function Overlays() {
  const [opened, setOpened] = useState<Opened>();
  const [name, setName] = useState('');
  const close = () => setOpened(undefined);
  return (
    <SectionCard title="Overlays">
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpened('form')}>Form dialog</Button>
        <Button onClick={() => setOpened('confirm')}>Confirmation</Button>
        <Button onClick={() => setOpened('sheet')}>Drawer</Button>
        <Popover>
          <PopoverTrigger className={buttonStyle()}>Popover</PopoverTrigger>
          <PopoverContent>A small panel tied to its trigger.</PopoverContent>
        </Popover>
        <DropdownMenu>
          <DropdownMenuTrigger className={buttonStyle()}>Menu</DropdownMenuTrigger>
          <DropdownMenuContent>
            <DropdownMenuItem shortcut="l">Launch</DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem disabled>Not now</DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
      {opened === 'form' && (
        <FormDialog
          title="A form"
          submitLabel="Send"
          ready={name !== ''}
          typed={name !== ''}
          fields={['name']}
          onSubmit={() => Promise.resolve().then(close)}
          onClose={close}
        >
          {(errorOf) => (
            <Field label="Name" required error={errorOf('name')}>
              <Input value={name} onChange={(event) => setName(event.target.value)} autoFocus />
            </Field>
          )}
        </FormDialog>
      )}
      <ConfirmDialog
        open={opened === 'confirm'}
        onOpenChange={close}
        title="Delete lab"
        description="What it does, before it is done."
        confirmLabel="Delete queue"
        danger
        typeToConfirm="lab"
        onConfirm={() => Promise.resolve().then(close)}
      />
      <Sheet
        open={opened === 'sheet'}
        onOpenChange={close}
        title="A drawer"
        description="At the side of the page"
      >
        Its content scrolls; it fills the screen of a phone.
      </Sheet>
    </SectionCard>
  );
}
