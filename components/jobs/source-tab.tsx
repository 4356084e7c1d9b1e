import type { JobVersion } from '@/core/wire';
import { SectionCard } from '../ui/card';
import { versionFacts } from './source';

/** What the newest version is made of, in full. */
export function SourceTab({ version }: { version: JobVersion }) {
  return (
    <SectionCard
      title={`Source of v${version.version}`}
      description="What launches of the latest version run."
    >
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[11rem_minmax(0,1fr)]">
        {versionFacts(version).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 font-mono text-[13px] break-words whitespace-pre-wrap max-sm:mb-1">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </SectionCard>
  );
}
