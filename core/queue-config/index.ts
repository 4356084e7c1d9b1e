/** What the resources are and what their configurations must hold; all of it pure. */
export { checkResource } from './check';
export { DOCKER_OPTIONS, DOCKER_RESERVED } from './docker-options';
export { RESOURCE_EXAMPLES } from './examples';
export type { Finding } from './finding';
export { normalizeTree, wrapperOf } from './normalize';
export { permitsProtected, protectedDepth, protectedPaths } from './protected';
export { RESOURCE_INFO } from './resources';
export { suggestVariable } from './suggest';
