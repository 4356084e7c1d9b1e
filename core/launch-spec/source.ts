import { refProblem, repositoryProblem } from '@/core/git-source';
import type { FieldError, JobSource } from '@/core/wire';
import { imageProblem } from './image';

/** What is wrong with where code comes from, for jobs and launches alike. Paths are those of the source: `image`, `repository`, `ref`. */
export function sourceProblems(source: JobSource): FieldError[] {
  if (source.type === 'image') return problem('image', 'The image', imageProblem(source.image));
  if (source.type === 'code') return [];
  return [
    ...problem('repository', 'The repository', repositoryProblem(source.repository)),
    ...(source.ref === undefined ? [] : problem('ref', 'The ref', refProblem(source.ref))),
  ];
}

const problem = (path: string, what: string, text: string | null): FieldError[] =>
  text === null ? [] : [{ path, message: `${what} ${text}.` }];
