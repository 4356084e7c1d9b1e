'use client';
import { useQueryClient } from '@tanstack/react-query';
import { ArrowDownToLine, Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import type { Agent } from '@/core/wire';
import { commandAgent, type AgentCommand } from '../lib/changes';
import { plural } from '../lib/format';
import { queueQueries } from '../queues/queries';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { Select } from '../ui/select';
import { toast, toastProblem } from '../ui/toast';

const UNTIL_RESUMED = 'until';
const LENGTHS = [
  { value: UNTIL_RESUMED, label: 'until somebody resumes it' },
  { value: '15', label: '15 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '1 day' },
];

/** Pause, drain, stop: each says beforehand what it does to the runs. */
export function AgentActions({ entity, agent }: { entity: string; agent: Agent }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Exclude<AgentCommand, 'resume'>>();
  const [note, setNote] = useState('');
  const [length, setLength] = useState(UNTIL_RESUMED);
  const send = async (command: AgentCommand) => {
    const minutes = length === UNTIL_RESUMED ? null : Number(length);
    await commandAgent(entity, agent.id, command, { note: note.trim(), minutes });
    await client.invalidateQueries({ queryKey: queueQueries.agents(entity).queryKey });
  };
  const resume = () => {
    send('resume').then(() => toast.success(`${agent.name} takes runs again`), toastProblem);
  };
  if (agent.status === 'stopped' || agent.status === 'lost')
    return <p className="mr-auto text-sm text-muted">Not connected: nothing can be asked of it.</p>;
  const running = plural(agent.running.length, 'run');
  const questions = {
    pause: {
      title: `Pause ${agent.name}`,
      label: 'Pause agent',
      description: `It takes no more runs until it is resumed. What it runs now (${running}) goes on.`,
    },
    drain: {
      title: `Drain ${agent.name}`,
      label: 'Drain agent',
      description: `It takes no more runs, and ends by itself when what it runs now (${running}) has ended.`,
    },
    stop: {
      title: `Stop ${agent.name}`,
      label: 'Stop agent',
      description: `It takes no more runs and ends at once. What runs on its own host (${running}) is stopped; runs on clusters go on and are handed over.`,
    },
  };
  const question = asking === undefined ? undefined : questions[asking];
  return (
    <>
      {agent.status === 'paused' ? (
        <Button onClick={resume}>
          <Play aria-hidden /> Resume
        </Button>
      ) : (
        <Button onClick={() => setAsking('pause')}>
          <Pause aria-hidden /> Pause…
        </Button>
      )}
      <Button onClick={() => setAsking('drain')} disabled={agent.command !== 'none'}>
        <ArrowDownToLine aria-hidden /> Drain…
      </Button>
      <Button variant="danger" onClick={() => setAsking('stop')} disabled={agent.command === 'stop'}>
        <Square aria-hidden /> Stop…
      </Button>
      {asking !== undefined && question !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setAsking(undefined)}
          title={question.title}
          description={question.description}
          confirmLabel={question.label}
          danger={asking === 'stop'}
          onConfirm={() => send(asking)}
        >
          {asking === 'pause' && (
            <>
              <Field label="Why" optional hint="Shown to everyone who looks at the agent.">
                <Input
                  value={note}
                  maxLength={500}
                  onChange={(event) => setNote(event.target.value)}
                  autoFocus
                />
              </Field>
              <Field label="For">
                <Select value={length} onValueChange={setLength} options={LENGTHS} />
              </Field>
            </>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
