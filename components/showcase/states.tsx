import type { RunState } from '@/core/wire';
import { SectionCard } from '../ui/card';
import { Badge, type Tone } from '../ui/badge';
import { AGENT_STATUS_LOOK, AgentStatusBadge, RUN_STATE_LOOK, StateBadge } from '../ui/state-badge';

const TONES: readonly Tone[] = ['neutral', 'accent', 'ok', 'info', 'warn', 'danger', 'violet'];
const row = 'flex flex-wrap gap-2';

/** One look for a state, wherever it is shown: icon, word, colour. */
export function StatesOfThings() {
  return (
    <SectionCard title="States" description="Never colour alone: an icon and the word of the documentation.">
      <div className="flex flex-col gap-3">
        <div className={row}>
          {(Object.keys(RUN_STATE_LOOK) as RunState[]).map((state) => (
            <StateBadge key={state} state={state} />
          ))}
          <StateBadge state="running" stopping />
        </div>
        <div className={row}>
          {(Object.keys(AGENT_STATUS_LOOK) as (keyof typeof AGENT_STATUS_LOOK)[]).map((status) => (
            <AgentStatusBadge key={status} status={status} />
          ))}
        </div>
        <div className={row}>
          {TONES.map((tone) => (
            <Badge key={tone} tone={tone}>
              {tone}
            </Badge>
          ))}
        </div>
      </div>
    </SectionCard>
  );
}
