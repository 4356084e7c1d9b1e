import { describe, expect, it } from 'vitest';
import { parseGitUri, repositoryProblem, withoutCredentials } from './index';

describe('the address of a repository', () => {
  it.each([
    'https://example.com/team/project.git',
    'https://example.com:8443/team/project',
    'http://[::1]:80/x',
    'ssh://git@example.com:22/team/project.git',
    'git@example.com:team/project.git',
    'file:///srv/git/project.git',
  ])('%s can be one', (repository) => {
    expect(repositoryProblem(repository)).toBeNull();
  });

  it.each([
    ['-uhttps://x', 'begin with "-"'],
    ['ext::sh -c id', 'white space'],
    ['ext::id', 'URL'],
    ['git://example.com/x', 'https://'],
    ['/srv/git/x', 'file:///path'],
    ['../x', 'file:///path'],
    ['file://host/x', 'whole path'],
    ['https:///x', 'name a host'],
    ['https://-o/x y', 'white space'],
    ['https://example.com/x#main', 'fragment'],
  ])('%s cannot', (repository, why) => {
    expect(repositoryProblem(repository)).toContain(why);
  });

  it.each([
    'https://user:s3cret@example.com/x',
    'https://s3cret@example.com/x',
    'ssh://git:s3cret@example.com/x',
  ])('with credentials is refused with advice, and they are not repeated', (repository) => {
    const problem = repositoryProblem(repository);
    expect(problem).toContain('agent');
    expect(problem).not.toContain('s3cret');
    expect(withoutCredentials(`fatal: ${repository} is gone`)).not.toContain('s3cret');
  });
});

describe('a repository with ref and directory', () => {
  it.each([
    ['https://example.com/a/b', { repository: 'https://example.com/a/b' }],
    [
      'https://example.com/a/b.git@v1#sub/dir/',
      { repository: 'https://example.com/a/b.git', ref: 'v1', directory: 'sub/dir' },
    ],
    ['https://example.com/a/b@feature/x', { repository: 'https://example.com/a/b', ref: 'feature/x' }],
    ['git@example.com:a/b.git', { repository: 'git@example.com:a/b.git' }],
    ['git@example.com:a/b.git@main', { repository: 'git@example.com:a/b.git', ref: 'main' }],
    ['ssh://git@example.com/a@0123abc', { repository: 'ssh://git@example.com/a', ref: '0123abc' }],
    ['https://u:p@example.com/a', { repository: 'https://u:p@example.com/a' }],
    ['file:///srv/x#sub', { repository: 'file:///srv/x', directory: 'sub' }],
  ])('%s', (text, expected) => {
    expect(parseGitUri(text)).toEqual(expected);
  });
});
