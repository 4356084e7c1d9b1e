'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentToken } from '@/core/wire';
import { toProblem, type ApiProblem } from '../lib/api';
import { createAgentToken } from '../lib/changes';
import { accessQueries } from '../lib/queries';
import { QueuePicker } from '../tokens/queue-picker';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { ConnectAgent } from './connect-agent';

export interface AddAgentDialogProps {
  entity: string;
  /** Names of the queues; undefined while they are loading. */
  queues: readonly string[] | undefined;
  /** Name of the queue it is wanted for; '' for none. */
  preselected?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Queues → a token for just these → the command to paste → a tick when the agent has called. */
export function AddAgentDialog({
  entity,
  queues,
  preselected = '',
  open,
  onOpenChange,
}: AddAgentDialogProps) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string[]>();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [made, setMade] = useState<AgentToken & { token: string }>();
  const suggested = queues?.includes(preselected) ? [preselected] : queues?.length === 1 ? [...queues] : [];
  const picked = chosen ?? suggested;
  const create = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setMade(
        await createAgentToken(entity, {
          name: name.trim() || `Agent for ${picked.join(', ')}`.slice(0, 100),
          queues: picked,
        }),
      );
      await client.invalidateQueries({ queryKey: accessQueries.agentTokens(entity).queryKey });
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      // What was typed, and a token that cannot be shown again: a stray click must not take them away.
      sticky={made !== undefined || chosen !== undefined || name !== ''}
      title={made === undefined ? 'Add an agent' : 'Start the agent'}
      description={
        made === undefined
          ? 'Choose what it shall serve. It gets a token that is good for these queues only.'
          : 'Run this where the work shall happen: on the Docker host, or a machine that reaches it.'
      }
      footer={
        made === undefined ? (
          <>
            <Button onClick={() => onOpenChange(false)}>Cancel</Button>
            <Button
              variant="primary"
              onClick={() => void create()}
              loading={busy}
              disabled={picked.length === 0}
            >
              Make token and command
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={() => onOpenChange(false)}>
            Done
          </Button>
        )
      }
    >
      {made === undefined ? (
        <div className="flex flex-col gap-4">
          <QueuePicker label="Queues" queues={queues} value={picked} onChange={setChosen} />
          <Field
            label="Name of the token"
            optional
            hint="To know it by later, for example the name of the host."
          >
            <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
          </Field>
          {problem !== undefined && <ErrorCard problem={problem} compact />}
        </div>
      ) : (
        <ConnectAgent entity={entity} queues={picked} token={made} />
      )}
    </Dialog>
  );
}
