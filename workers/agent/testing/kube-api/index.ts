/** A Kubernetes API server for tests, and a hand to play the cluster behind it. */
export { Cluster } from './controller';
export type { Ending } from './controller';
export { KubeApi } from './server';
export type { Fault, RecordedRequest } from './server';
