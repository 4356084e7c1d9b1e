import {
  CircleCheck,
  CircleDashed,
  CirclePause,
  CirclePlay,
  CircleSlash,
  CircleX,
  Hammer,
  Hand,
  KeyRound,
  LoaderCircle,
  PlugZap,
  Rocket,
  TriangleAlert,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
// Not from the index: what else is there is of no use to a badge.
import { queueCondition, type QueueFacts } from '@/core/run-state/queue-condition';
import type { Agent, QueueState, RunState } from '@/core/wire';
import { Badge, type Tone } from './badge';

interface Look {
  label: string;
  tone: Tone;
  Icon: LucideIcon;
}
/** One look for a state, wherever it is shown; the words are those of the product's documentation. */
export const RUN_STATE_LOOK: Record<RunState, Look> = {
  pending: { label: 'Pending', tone: 'warn', Icon: CircleDashed },
  leased: { label: 'Leased', tone: 'violet', Icon: Hand },
  building: { label: 'Building', tone: 'violet', Icon: Hammer },
  starting: { label: 'Starting', tone: 'info', Icon: Rocket },
  running: { label: 'Running', tone: 'info', Icon: CirclePlay },
  finished: { label: 'Finished', tone: 'ok', Icon: CircleCheck },
  failed: { label: 'Failed', tone: 'danger', Icon: CircleX },
  stopped: { label: 'Stopped', tone: 'neutral', Icon: CircleSlash },
  preempted: { label: 'Preempted', tone: 'warn', Icon: Undo2 },
};
const STOPPING: Look = { label: 'Stopping', tone: 'warn', Icon: LoaderCircle };

/** State of a run: icon, word and colour. */
export function StateBadge({
  state,
  stopping = false,
  className,
}: {
  state: RunState;
  stopping?: boolean;
  className?: string;
}) {
  const ended = state === 'finished' || state === 'failed' || state === 'stopped';
  const { label, tone, Icon } = stopping && !ended ? STOPPING : RUN_STATE_LOOK[state];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />} className={className} data-state={state}>
      {label}
    </Badge>
  );
}

export const QUEUE_STATE_LOOK: Record<QueueState, Look> = {
  active: { label: 'Active', tone: 'ok', Icon: CircleCheck },
  failing: { label: 'Failing', tone: 'danger', Icon: TriangleAlert },
  'no-agent': { label: 'No agent', tone: 'danger', Icon: PlugZap },
  paused: { label: 'Paused', tone: 'warn', Icon: CirclePause },
  'agents-paused': { label: 'Agents paused', tone: 'warn', Icon: CirclePause },
  blocked: { label: 'Blocked', tone: 'danger', Icon: KeyRound },
  unserved: { label: 'Preview only', tone: 'neutral', Icon: CircleSlash },
};

/** State of a queue. */
export function QueueStateBadge({ queue, className }: { queue: QueueFacts; className?: string }) {
  const { label, tone, Icon } = QUEUE_STATE_LOOK[queueCondition(queue)];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />} className={className}>
      {label}
    </Badge>
  );
}

export const AGENT_STATUS_LOOK: Record<Agent['status'], Look> = {
  online: { label: 'Online', tone: 'ok', Icon: CircleCheck },
  draining: { label: 'Draining', tone: 'warn', Icon: LoaderCircle },
  paused: { label: 'Paused', tone: 'warn', Icon: CirclePause },
  lost: { label: 'Lost', tone: 'danger', Icon: TriangleAlert },
  stopped: { label: 'Stopped', tone: 'neutral', Icon: CircleSlash },
};

/** Status of an agent. */
export function AgentStatusBadge({ status, className }: { status: Agent['status']; className?: string }) {
  const { label, tone, Icon } = AGENT_STATUS_LOOK[status];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />} className={className}>
      {label}
    </Badge>
  );
}
