import { CodeBlock } from '../ui/code-block';
import { SectionCard } from '../ui/card';

/** Alerts that one would write over /metrics, for this queue. */
export function PrometheusHints({ entity, queue }: { entity: string; queue: string }) {
  const labels = `{entity="${entity}", queue="${queue}"}`;
  return (
    <SectionCard
      title="In Prometheus"
      description="The server gives these at /metrics; alerts that fire when runs wait too long or nothing takes them."
    >
      <CodeBlock
        label="Copy the expressions"
        wrap
        code={[
          '# The oldest run has waited for more than half an hour',
          `slipway_queue_oldest_wait_seconds${labels} > 1800`,
          '# Runs wait, none is in flight',
          `slipway_queue_waiting${labels} > 0 and slipway_queue_in_flight${labels} == 0`,
          '# Falling behind: more wait than an hour ago',
          `delta(slipway_queue_waiting${labels}[1h]) > 10`,
        ].join('\n')}
      />
    </SectionCard>
  );
}
