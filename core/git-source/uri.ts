export interface GitUri {
  repository: string;
  ref?: string;
  directory?: string;
}

/**
 * Reads `REPOSITORY[@REF][#DIRECTORY]`, for example `https://example.com/team/project.git@v1.2#train` or
 * `git@example.com:team/project@main`. Whether the repository can be one is for `repositoryProblem` to say.
 */
export function parseGitUri(text: string): GitUri {
  const hash = text.indexOf('#');
  const address = hash === -1 ? text : text.slice(0, hash);
  const directory = hash === -1 ? '' : text.slice(hash + 1).replace(/^\/+|\/+$/g, '');
  // An "@" before the path belongs to the address: git@host, user@host.
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*|^[^/:]*:/i.exec(address)?.[0].length ?? 0;
  const at = address.lastIndexOf('@');
  const hasRef = at >= path && at < address.length - 1;
  return {
    repository: hasRef ? address.slice(0, at) : address,
    ...(hasRef ? { ref: address.slice(at + 1) } : {}),
    ...(directory === '' ? {} : { directory }),
  };
}

/** The text with the user part of any URL in it left out, for messages. */
export const withoutCredentials = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1');
