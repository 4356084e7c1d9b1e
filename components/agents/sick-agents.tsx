'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Agent } from '@/core/wire';
import { api, path } from '../lib/api';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { Switch } from '../ui/switch';
import { toastProblem } from '../ui/toast';
import { agentQueries } from './queries';

/** One banner for each agent whose runs fail before they begin, while it still takes work. */
export function SickAgents({ agents, onOpen }: { agents: readonly Agent[]; onOpen: (id: string) => void }) {
  return agents
    .filter(({ health, status }) => health.sick && status === 'online')
    .map((agent) => (
      <Notice
        key={agent.id}
        tone="danger"
        className="mb-4"
        title={`${agent.name} is sick: ${agent.health.failuresInRow} runs in a row failed before their program ran`}
        actions={
          <Button size="sm" onClick={() => onOpen(agent.id)}>
            Look at it
          </Button>
        }
      >
        {agent.health.lastFailure} It takes the next run all the same: pause it until its host is mended.
      </Notice>
    ));
}

/** Whether the server pauses sick agents by itself; admins switch it. */
export function PauseSickSwitch({ entity, admin }: { entity: string; admin: boolean }) {
  const client = useQueryClient();
  const { data } = useQuery(agentQueries.settings(entity));
  if (data === undefined) return null;
  const { queryKey } = agentQueries.settings(entity);
  const change = async (pauseSick: boolean) => {
    // An answer that is on its way was asked for before the change.
    await client.cancelQueries({ queryKey });
    client.setQueryData(queryKey, { pauseSick });
    try {
      await api.put(`${path('entities', entity)}/agent-settings`, { pauseSick });
      await client.invalidateQueries({ queryKey });
    } catch (error) {
      client.setQueryData(queryKey, data);
      toastProblem(error);
    }
  };
  return (
    <div className="flex items-start gap-3 px-1 text-sm">
      <Switch
        id="pause-sick"
        checked={data.pauseSick}
        disabled={!admin}
        onCheckedChange={(checked) => void change(checked)}
        className="mt-0.5"
      />
      <label htmlFor="pause-sick" className="min-w-0">
        Pause sick agents by themselves
        <span className="block text-xs text-muted">
          After five runs in a row that failed before their program ran. Their queues then wait for other
          agents, or for you.
        </span>
      </label>
    </div>
  );
}
