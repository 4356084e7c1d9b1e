'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, GitCommitHorizontal, Info, Loader } from 'lucide-react';
import { useEffect, useState } from 'react';
import { refProblem, repositoryProblem } from '@/core/git-source';
import { toProblem } from '../lib/api';
import { jobQueries } from './queries';

/** Pause after the last keystroke before the repository is asked, milliseconds. */
const TYPING_MS = 500;

/** The commit that a repository and a ref (`name`; empty: its head) stand for just now, looked up while they are typed; or why it is not known. */
export function CommitLine({
  entity,
  repository,
  name,
}: {
  entity: string;
  repository: string;
  name: string;
}) {
  const [settled, setSettled] = useState({ repository: '', name: '' });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ repository, name }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [repository, name]);
  const usable =
    repository !== '' && repositoryProblem(repository) === null && (name === '' || refProblem(name) === null);
  const same = settled.repository === repository && settled.name === name;
  const { data, error } = useQuery({
    ...jobQueries.commit(entity, repository, name),
    enabled: usable && same,
  });
  return (
    <p
      role="status"
      className="flex min-h-5 items-start gap-1.5 text-xs text-muted [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0"
    >
      {usable && content()}
    </p>
  );

  function content() {
    if (error !== null) {
      const problem = toProblem(error);
      return (
        <>
          <CircleAlert className="text-danger" aria-hidden />
          <span className="text-danger">{problem.errors[0]?.message ?? problem.message}</span>
        </>
      );
    }
    if (!same || data === undefined) {
      return (
        <>
          <Loader className="animate-spin" aria-hidden /> Looking up the commit…
        </>
      );
    }
    if (data.commit === null) {
      return (
        <>
          <Info aria-hidden /> <span>{data.note}</span>
        </>
      );
    }
    return (
      <>
        <GitCommitHorizontal aria-hidden />
        <span>
          {name === '' ? 'HEAD' : name} is commit{' '}
          <code className="font-mono break-all text-ink">{data.commit}</code>
        </span>
      </>
    );
  }
}
