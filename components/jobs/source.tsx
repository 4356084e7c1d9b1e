import { Box, FileCode2, GitBranch, type LucideIcon } from 'lucide-react';
import type { JobSource, JobVersion } from '@/core/wire';
import { quoteCommand } from '@/core/command';
import { Badge } from '../ui/badge';

export const KINDS: Record<JobSource['type'], { label: string; Icon: LucideIcon }> = {
  image: { label: 'Image', Icon: Box },
  git: { label: 'Git', Icon: GitBranch },
  code: { label: 'Code', Icon: FileCode2 },
};

export function SourceBadge({ source }: { source: JobSource }) {
  const { label, Icon } = KINDS[source.type];
  return <Badge icon={<Icon aria-hidden />}>{label}</Badge>;
}

/** A source in one line: the image, the repository with its ref and commit, or the hash of the archive. */
export function sourceLine(source: JobSource): string {
  if (source.type === 'image') return source.image;
  if (source.type === 'code') return `sha256:${source.artifact.slice(0, 12)}`;
  const commit = source.commit?.slice(0, 10);
  const ref = source.ref ?? 'HEAD';
  return `${source.repository} @ ${commit === undefined || commit === ref.slice(0, 10) ? ref : `${ref} (${commit})`}`;
}

/** Everything that makes a version, by name, in a fixed order: what its page shows and what two versions are compared by. */
export function versionFacts({
  source,
  entrypoint,
  inputSchema,
}: JobVersion): [name: string, value: string][] {
  const facts: [string, string | undefined][] = [['Kind', KINDS[source.type].label]];
  if (source.type === 'image') facts.push(['Image', source.image]);
  if (source.type === 'git') {
    facts.push(['Repository', source.repository], ['Ref', source.ref ?? 'HEAD']);
    facts.push(['Commit', source.commit ?? 'looked up by the agent that builds it']);
  }
  if (source.type === 'code') facts.push(['Archive (SHA-256)', source.artifact]);
  if (source.type !== 'image') {
    facts.push(
      ['Directory', source.directory],
      ['Dockerfile', source.dockerfile],
      ['Python', source.pythonVersion],
    );
  }
  facts.push(['Entrypoint', entrypoint.length === 0 ? undefined : quoteCommand(entrypoint)]);
  facts.push(['Input schema', inputSchema === null ? undefined : JSON.stringify(inputSchema, null, 2)]);
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
}
