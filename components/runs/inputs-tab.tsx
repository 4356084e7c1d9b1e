import type { ReactNode } from 'react';
import type { Run } from '@/core/wire';
import { quoteCommand } from '@/core/command';
import { CodeBlock } from '../ui/code-block';
import { SectionCard } from '../ui/card';
import { RelativeTime } from '../ui/time';

/** What the launch gave: values, command, environment, config. */
export function InputsTab({ run }: { run: Run }) {
  const values = Object.entries(run.templateValues);
  const env = Object.entries(run.env);
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <SectionCard title="Launch">
        <Facts>
          <Fact name="Image">
            {run.image === null ? null : <code className="font-mono text-xs break-all">{run.image}</code>}
          </Fact>
          <Fact name="Job">{run.job === null ? null : `${run.job.name}:v${run.job.version}`}</Fact>
          <Fact name="Entrypoint">
            {run.entrypoint === null ? null : (
              <code className="font-mono text-xs break-all">{quoteCommand(run.entrypoint)}</code>
            )}
          </Fact>
          <Fact name="Arguments">
            {run.args.length === 0 ? null : (
              <code className="font-mono text-xs break-all">{quoteCommand(run.args)}</code>
            )}
          </Fact>
          <Fact name="Project">{run.project}</Fact>
          <Fact name="Labels">{run.labels.length === 0 ? null : run.labels.join(', ')}</Fact>
          <Fact name="Not before">{run.notBefore === null ? null : <RelativeTime at={run.notBefore} />}</Fact>
          <Fact name="External reference">
            {run.externalRef === null ? null : (
              <code className="font-mono text-xs break-all">{run.externalRef}</code>
            )}
          </Fact>
          <Fact name="Agent">{run.agent?.name}</Fact>
        </Facts>
      </SectionCard>
      <SectionCard
        title="Template values"
        description={
          values.length === 0 ? 'The queue has no variables, or all took their defaults.' : undefined
        }
      >
        <Facts>
          {values.map(([name, value]) => (
            <Fact key={name} name={name}>
              <code className="font-mono text-xs break-all">{String(value)}</code>
            </Fact>
          ))}
        </Facts>
      </SectionCard>
      {env.length > 0 && (
        <SectionCard title="Environment">
          <CodeBlock
            code={env.map(([name, value]) => `${name}=${value}`).join('\n')}
            label="Copy the environment"
            wrap
          />
        </SectionCard>
      )}
      {run.config !== null && (
        <SectionCard title="Config" description="Handed to the program as SLIPWAY_CONFIG.">
          <CodeBlock code={JSON.stringify(run.config, null, 2)} label="Copy the config" />
        </SectionCard>
      )}
      {run.resourceArgs !== null && (
        <SectionCard
          title="Overrides"
          description="What the launch changed of the queue’s configuration, as its allow-list permits."
        >
          <CodeBlock code={JSON.stringify(run.resourceArgs, null, 2)} label="Copy the overrides" />
        </SectionCard>
      )}
    </div>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">{children}</dl>
  );
}
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined) return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
