import type { AgentClient } from '../client';
import { createCodeSource } from './code';
import { createGitSource } from './git';
import type { BuildSource, PreparedSource, SourceOptions } from './types';

/** Gets any source to this machine. @throws RunFailure of phase `build` */
export type Sources = (source: BuildSource, options: SourceOptions) => Promise<PreparedSource>;

export function createSources(parts: { client: Pick<AgentClient, 'artifact'> }): Sources {
  const git = createGitSource();
  const code = createCodeSource(parts);
  return (source, options) =>
    source.type === 'git' ? git.prepare(source, options) : code.prepare(source, options);
}
export type { BuildSource, PreparedSource, SourceOptions } from './types';
