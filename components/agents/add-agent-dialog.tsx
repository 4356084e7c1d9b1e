'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentToken } from '@/core/wire';
import { createAgentToken } from '../lib/changes';
import { accessQueries } from '../lib/queries';
import { QueuePicker } from '../tokens/queue-picker';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input } from '../ui/input';
import { ConnectAgent } from './connect-agent';

export interface AddAgentDialogProps {
  entity: string;
  /** Names of the queues that agents serve; undefined while they are loading. */
  queues: readonly string[] | undefined;
  /** Name of the queue it is wanted for; '' for none. */
  preselected?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Queues → a token for just these → the command to paste → a tick when the agent has called. */
export function AddAgentDialog(props: AddAgentDialogProps) {
  return props.open && <AddAgent {...props} onClose={() => props.onOpenChange(false)} />;
}

function AddAgent({
  entity,
  queues,
  preselected = '',
  onClose,
}: Omit<AddAgentDialogProps, 'open' | 'onOpenChange'> & { onClose: () => void }) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string[]>();
  const [name, setName] = useState('');
  const [made, setMade] = useState<AgentToken & { token: string }>();
  const suggested = queues?.includes(preselected) ? [preselected] : queues?.length === 1 ? [...queues] : [];
  const picked = chosen ?? suggested;
  if (made !== undefined) {
    return (
      <Dialog
        open
        // The token cannot be shown again: a stray click must not take it away.
        sticky
        onOpenChange={(open) => !open && onClose()}
        size="lg"
        title="Start the agent"
        description="Run this where the work shall happen: on the Docker host, or a machine that reaches it."
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <ConnectAgent entity={entity} queues={picked} token={made} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      size="lg"
      title="Add an agent"
      description="Choose what it shall serve. It gets a token that is good for these queues only."
      submitLabel="Make token and command"
      ready={picked.length > 0}
      typed={chosen !== undefined || name !== ''}
      fields={['name', 'queues']}
      onSubmit={async () => {
        const label = name.trim() || `Agent for ${picked.join(', ')}`.slice(0, 100);
        setMade(await createAgentToken(entity, { name: label, queues: picked }));
        await client.invalidateQueries({ queryKey: accessQueries.agentTokens(entity).queryKey });
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <QueuePicker
            label="Queues"
            queues={queues}
            value={picked}
            onChange={setChosen}
            error={errorOf('queues')}
          />
          <Field
            label="Name of the token"
            optional
            error={errorOf('name')}
            hint="To know it by later, for example the name of the host."
          >
            <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
          </Field>
        </>
      )}
    </FormDialog>
  );
}
