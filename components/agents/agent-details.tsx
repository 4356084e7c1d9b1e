'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Agent } from '@/core/wire';
import { CodeBlock } from '../ui/code-block';
import { CopyButton } from '../ui/copy-button';
import { Notice } from '../ui/notice';
import { AgentStatusBadge, StateBadge } from '../ui/state-badge';
import { RelativeTime } from '../ui/time';
import { slotsOf } from './agent-table';
import { PastRuns } from './past-runs';

/** All that is known of an agent. */
export function AgentDetails({ agent, entity }: { agent: Agent; entity: string }) {
  return (
    <div className="flex flex-col gap-5">
      <Troubles agent={agent} />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        <Fact term="Status">
          <AgentStatusBadge status={agent.status} />
        </Fact>
        <Fact term="Slots used">{slotsOf(agent)}</Fact>
        <Fact term="Failures in last 20">
          {agent.health.recentEnded === 0
            ? 'no runs yet'
            : `${agent.health.recentFailed} of ${agent.health.recentEnded}`}
        </Fact>
        <Fact term="Last heartbeat">
          <RelativeTime at={agent.lastHeartbeatAt} />
        </Fact>
        <Fact term="First seen">
          <RelativeTime at={agent.createdAt} />
        </Fact>
        <Fact term="Version">{agent.version}</Fact>
        <Fact term="Token">{agent.tokenName ?? 'revoked'}</Fact>
        <Fact term="Id">
          <span className="flex items-center font-mono text-xs">
            {agent.id.slice(0, 8)}… <CopyButton text={agent.id} label="Copy the id" size="sm" />
          </span>
        </Fact>
      </dl>
      <Section title="Queues">
        <ul className="flex flex-wrap gap-1.5">
          {agent.queues.map(({ name, exists }) => (
            <li key={name}>
              {exists ? (
                <Link
                  href={`/${encodeURIComponent(entity)}/queues/${encodeURIComponent(name)}`}
                  className="inline-block rounded-full border border-line bg-surface px-2.5 py-0.5 text-xs hover:bg-hover"
                >
                  {name}
                </Link>
              ) : (
                <span className="inline-block rounded-full border border-dashed border-warn/50 px-2.5 py-0.5 text-xs text-warn">
                  {name} (does not exist)
                </span>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={`Running now (${agent.running.length})`}>
        {agent.running.length === 0 ? (
          <p className="text-sm text-muted">Nothing.</p>
        ) : (
          <ul className="divide-y divide-line rounded-md border border-line">
            {agent.running.map((run) => (
              <li key={run.id} className="flex items-center justify-between gap-3 px-3 py-2">
                <Link
                  href={`/runs/${run.id}`}
                  className="min-w-0 truncate font-medium hover:text-accent-ink hover:underline"
                >
                  {run.name}
                </Link>
                <span className="flex shrink-0 items-center gap-2 text-xs text-muted">
                  {run.queue}
                  <StateBadge state={run.state} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Past runs">
        <PastRuns entity={entity} id={agent.id} />
      </Section>
      <Section title="Configuration">
        <p className="mb-2 text-xs text-muted">
          As the agent reported it when it connected, without secrets.
        </p>
        <CodeBlock code={JSON.stringify(agent.config, null, 2)} label="Copy the configuration" />
      </Section>
    </div>
  );
}

/** What is not as it should be, the worst first. */
function Troubles({ agent }: { agent: Agent }) {
  const missing = agent.queues.filter(({ exists }) => !exists);
  const { health, status } = agent;
  return (
    <>
      {health.sick && (
        <Notice tone="danger" title={`${health.failuresInRow} runs in a row failed before their program ran`}>
          {health.lastFailure} Look after its host (engine, disk, network, registry). A run that begins, or a
          resume, clears this.
        </Notice>
      )}
      {status === 'lost' && (
        <Notice tone="danger" title="No heartbeat any more">
          Runs it had submitted wait for the agent to come back, or for another one that can take them over.
        </Notice>
      )}
      {status === 'paused' && (
        <Notice tone="warn" title={`Paused by ${agent.pausedBy ?? 'Slipway'}`}>
          {agent.pauseNote}{' '}
          {agent.pausedUntil === null ? (
            'It takes no more runs until it is resumed.'
          ) : (
            <>
              It takes runs again <RelativeTime at={agent.pausedUntil} />.
            </>
          )}
        </Notice>
      )}
      {missing.length > 0 && (
        <Notice
          tone="warn"
          title={
            missing.length === 1
              ? `The queue ${missing[0]?.name ?? ''} does not exist`
              : `${missing.length} queues of this agent do not exist`
          }
        >
          {missing.length > 1 && `${missing.map(({ name }) => name).join(', ')}: `}
          The agent polls in vain for it, or its token does not cover it. Create the queue, or correct the
          name in the agent’s command or configuration.
        </Notice>
      )}
    </>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{term}</dt>
      <dd className="mt-0.5 min-w-0 break-words">{children}</dd>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      {children}
    </section>
  );
}
