'use client';
import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { latestParts, resourceCommand } from '@/core/run-facts';
import type { Run, RunPart } from '@/core/wire';
import { plural } from '../lib/format';
import { CodeBlock } from '../ui/code-block';
import { SectionCard } from '../ui/card';
import { runQueries } from './queries';

/** A link that leads out may only be a web page: agents are not trusted with `javascript:`. */
const webPage = (url: string | undefined): string | undefined =>
  url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;

const KINDS: Record<RunPart['kind'], string> = {
  pod: 'Pods',
  instance: 'Instances',
  'worker-pool': 'Worker pools',
};

/** Where a run runs: its parts with their states, the page of the platform, the command that shows it. Nothing where nothing is known. */
export function RunParts({ run }: { run: Run }) {
  const events = useQuery(runQueries.events(run.id));
  const told = events.data === undefined ? undefined : latestParts(events.data);
  const command = resourceCommand(run.resource, run.externalRef);
  const page = webPage(told?.url);
  if (told === undefined && command === undefined) return null;
  const parts = told?.parts ?? [];
  const first = parts[0];
  return (
    <SectionCard title={first === undefined ? 'At the resource' : KINDS[first.kind]}>
      {parts.length > 0 && (
        <ul
          aria-label={first === undefined ? 'Parts' : KINDS[first.kind]}
          className="mb-3 flex flex-col gap-1.5 text-sm"
        >
          {parts.map((part) => (
            <li key={part.name} className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-mono text-xs">{part.name}</span>
              <span>{part.state}</span>
              {part.message !== undefined && (
                <span className="min-w-0 break-words text-muted">{part.message}</span>
              )}
              <Outside url={webPage(part.url)}>open</Outside>
            </li>
          ))}
        </ul>
      )}
      {told?.total !== undefined && told.total > parts.length && (
        <p className="mb-3 text-xs text-muted">
          The first {parts.length} of {plural(told.total, 'part')}
        </p>
      )}
      {command !== undefined && <CodeBlock code={command} label="Copy the command" wrap />}
      {page !== undefined && (
        <p className="mt-2 text-sm">
          <Outside url={page}>Open it at the platform</Outside>
        </p>
      )}
    </SectionCard>
  );
}

/** A link that leaves Slipway: it says where to, and tells the other side nothing of where it came from. */
function Outside({ url, children }: { url: string | undefined; children: string }) {
  if (url === undefined) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer noopener"
      className="inline-flex items-center gap-1 underline decoration-line-strong underline-offset-3 hover:text-accent-ink [&_svg]:size-3.5"
    >
      {children} <span className="text-muted">({new URL(url).host})</span> <ExternalLink aria-hidden />
    </a>
  );
}
