/** `git@host:path`, as scp writes it. */
const SCP = /^[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9_.-]+:(?!\/\/)\S/;
const URL_START = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i;
const SCHEMES = ['https', 'http', 'ssh', 'file'];

const ADVICE =
  'Give the address alone: credentials belong to the agent that fetches it (its SSH key, or a credential helper of git), never to the job';

/** What is wrong with the address of a git repository, as the rest of a sentence; null when it can be one. Repeats no credentials. */
export function repositoryProblem(repository: string): string | null {
  if (repository.startsWith('-')) return 'must not begin with "-"';
  if (/\s/.test(repository)) return 'must not contain white space';
  const [, scheme, rest] = URL_START.exec(repository) ?? [];
  if (scheme === undefined || rest === undefined) {
    if (SCP.test(repository)) return null;
    if (/^[./~]/.test(repository))
      return 'must be a URL: file:///path for a directory of the agent’s machine';
    return 'must be a URL such as https://example.com/team/project.git or git@example.com:team/project.git';
  }
  if (!SCHEMES.includes(scheme.toLowerCase())) return 'must begin with https://, ssh:// or file://';
  const authority = rest.split('/')[0] ?? '';
  if (scheme.toLowerCase() === 'file')
    return rest.startsWith('/') ? null : 'must have a whole path: file:///path';
  const user = authority.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : null;
  if (user !== null && (scheme.toLowerCase() !== 'ssh' || user.includes(':')))
    return `must not hold a user name, password or token. ${ADVICE}`;
  if (/[?#]/.test(rest))
    return 'must not have a query or a fragment; the ref and the sub-directory have fields of their own';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return /^(?:\[[0-9a-f:.]+\]|[A-Za-z0-9_.-]+)(?::\d{1,5})?$/i.test(host) ? null : 'must name a host';
}
