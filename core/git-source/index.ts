export { parseGitUri, withoutCredentials } from './uri';
export type { GitUri } from './uri';
export { refProblem } from './ref';
export { repositoryProblem } from './repository';
