import { RESOURCE_INFO } from '@/core/queue-config';
import type { ResourceId } from '@/core/wire';
import { dockerSchema } from './docker';
import { kubernetesSchema } from './kubernetes';
import { processSchema } from './process';
import { sagemakerSchema } from './sagemaker';
import type { Schema } from './types';
import { vertexSchema } from './vertex';

const SCHEMAS: Record<ResourceId, Schema> = {
  'local-container': dockerSchema,
  'local-process': processSchema,
  kubernetes: kubernetesSchema,
  sagemaker: sagemakerSchema,
  'gcp-vertex': vertexSchema,
};

/** Schema of each resource, tied to models by the end of their path (`modelPath`), with the resource's wrapper allowed around it. */
export const CONFIG_SCHEMAS = Object.entries(SCHEMAS).map(([resource, schema]) => {
  const id = resource as ResourceId;
  return {
    uri: `inmemory://slipway/schemas/${id}.json`,
    fileMatch: `**/${id}`,
    schema: {
      ...schema,
      properties: { ...schema.properties, [RESOURCE_INFO[id].wrapperKeys[0] ?? id]: schema },
    } satisfies Schema,
  };
});
