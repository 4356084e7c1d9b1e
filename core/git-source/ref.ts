/** What git refuses in the name of a ref (git-check-ref-format), and what would be an option. */
// eslint-disable-next-line no-control-regex -- control characters are among what git refuses
const BAD = /^[-/]|\.\.|@\{|[\u0000- ~^:?*[\\\u007f]|\/\/|[./]$|\.lock$/;

/** What is wrong with a branch, tag or commit, as the rest of a sentence; null when it can be one. */
export const refProblem = (ref: string): string | null =>
  ref === '' || BAD.test(ref) ? 'must be a branch, a tag or a commit' : null;
