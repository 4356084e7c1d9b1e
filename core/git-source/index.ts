export { parseGitUri, withoutCredentials } from './uri';
export { refProblem } from './ref';
export { repositoryProblem } from './repository';
