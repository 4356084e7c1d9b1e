import type { ResourceId } from '@/core/wire';

/** Path of an editor's model, by whose end its schema is found. `instance` tells editors of one page apart. */
export const modelPath = (instance: string, resource: ResourceId, format: string): string =>
  `inmemory://slipway/${instance}/${resource}.${format}`;
