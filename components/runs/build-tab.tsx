import { z } from 'zod';
import type { RunEvent } from '@/core/wire';
import { plural } from '../lib/format';
import { Badge } from '../ui/badge';
import { CodeBlock } from '../ui/code-block';
import { SectionCard } from '../ui/card';

/** What the agent tells of a build, in the event that names the image. */
const buildSchema = z.looseObject({
  image: z.string().optional(),
  build: z.looseObject({
    tag: z.string().optional(),
    image: z.string().optional(),
    dockerfile: z.string().optional(),
    cached: z.boolean().optional(),
    contextFiles: z.number().optional(),
  }),
});
export type Build = z.infer<typeof buildSchema>;

/** The last build of a run, if there was one. */
export function buildOf(events: readonly RunEvent[]): Build | undefined {
  return events
    .flatMap((event) => {
      const read = buildSchema.safeParse(event.data);
      return read.success ? [read.data] : [];
    })
    .at(-1);
}

/** How the image of a run came to be. */
export function BuildTab({ build: { image, build } }: { build: Build }) {
  const reference = build.image ?? image;
  return (
    <div className="flex flex-col gap-4">
      <SectionCard title="Image">
        <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
          {reference !== undefined && (
            <>
              <dt className="text-muted">Reference</dt>
              <dd>
                <code className="font-mono text-xs break-all">{reference}</code>
              </dd>
            </>
          )}
          {build.tag !== undefined && (
            <>
              <dt className="text-muted">Tag</dt>
              <dd>
                <code className="font-mono text-xs break-all">{build.tag}</code>
              </dd>
            </>
          )}
          {build.cached !== undefined && (
            <>
              <dt className="text-muted">Built</dt>
              <dd>
                {build.cached ? (
                  <Badge tone="ok">Not again: the same source was built before</Badge>
                ) : (
                  'For this run'
                )}
              </dd>
            </>
          )}
          {build.contextFiles !== undefined && (
            <>
              <dt className="text-muted">Context</dt>
              <dd>{plural(build.contextFiles, 'file')}</dd>
            </>
          )}
        </dl>
      </SectionCard>
      {build.dockerfile !== undefined && (
        <SectionCard title="Dockerfile" description="As it was used; the build output is in the log.">
          <CodeBlock code={build.dockerfile} label="Copy the Dockerfile" />
        </SectionCard>
      )}
    </div>
  );
}
