/** Protocols that git may speak for a job. */
const PROTOCOLS = ['https', 'http', 'ssh', 'file'] as const;
type Protocol = (typeof PROTOCOLS)[number];

export type RepositoryAddress =
  { ok: true; url: string; protocol: Protocol } | { ok: false; problem: string };

const SCP_LIKE = /^(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9[][A-Za-z0-9.\-:[\]]*:(?!\/\/)[^:]/;

/**
 * Reads the address of a repository. Only these are let through to git: `https://`, `http://`, `ssh://`, `file://` and `user@host:path`;
 * never `ext::`, other helpers, or words that git would take for options.
 */
export function repositoryAddress(repository: string): RepositoryAddress {
  const shown = maskUserInfo(repository);
  const no = (problem: string): RepositoryAddress => ({
    ok: false,
    problem: `${problem} Write https://host/path, ssh://user@host/path, user@host:path or file:///path.`,
  });
  if (/[\0-\x20\x7f]/.test(repository)) return no('The address of the repository contains white space.');
  if (repository.startsWith('-') || repository.includes('::'))
    return no(`${shown} is not an address of a repository.`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(repository)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return SCP_LIKE.test(repository)
      ? { ok: true, url: repository, protocol: 'ssh' }
      : no(`${shown} is not an address of a repository.`);
  }
  const protocol = PROTOCOLS.find((known) => known === scheme);
  if (protocol === undefined) return no(`Repositories are not read by ${scheme}://.`);
  const rest = repository.slice(scheme.length + 3);
  const host = rest.split('/')[0]?.split('@').at(-1) ?? '';
  if (host.startsWith('-') || rest.startsWith('-') || (protocol !== 'file' && host === ''))
    return no(`${shown} names no host.`);
  return { ok: true, url: repository, protocol };
}

/**
 * Whether a text can be the name of a branch, tag or commit (rules of `git check-ref-format`). Such a name is never an option, a pattern
 * or a refspec.
 */
export const isRefName = (ref: string): boolean =>
  ref.length <= 500 && ref !== '@' && !/^[-+/.]|[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|[/.]$/.test(ref);

/** Puts `***` in the place of user and password of every URL in a text. */
export const maskUserInfo = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s'"]*@/gi, '$1***@');
