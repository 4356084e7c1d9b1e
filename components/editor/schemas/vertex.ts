import { snakeKey } from '@/core/render/vertex/camel';
import { RUN_KEYS, SPEC_KEYS } from '@/core/render/vertex/settings';
import generated from './generated/vertex.json';
import { builderSchema, object, text, type Schema } from './types';

const { definitions, ...document } = generated as unknown as Schema & { definitions: Record<string, Schema> };

/** The names of the Python SDK, in which queues are written as a rule. */
const snakeNames = (properties: Schema['properties'] = {}): Record<string, Schema> =>
  Object.fromEntries(Object.entries(properties).map(([key, schema]) => [snakeKey(key), schema as Schema]));
const snakeDefinitions = Object.fromEntries(
  Object.entries(definitions).map(([name, schema]) => [
    name,
    { ...schema, properties: snakeNames(schema.properties), required: schema.required?.map(snakeKey) },
  ]),
);

/** What the Python SDK says otherwise than the REST interface, or alone. */
const OWN: Record<string, Schema> = {
  stagingBucket: text('Required. Bucket for staging, gs://bucket, in the region of the job.'),
  baseOutputDir: text(
    'Directory for the output, gs://bucket/path; a directory of the run in the staging bucket otherwise.',
  ),
  project: text("Project of the job; that of the agent's environment otherwise."),
  location: text("Region of the job; that of the agent's environment otherwise."),
  timeout: text('Longest time the job may run, seconds.'),
  maxWaitDuration: text('Longest wait for machines, seconds.'),
};

function settings(places: typeof SPEC_KEYS): Record<string, Schema> {
  const entries = [...places].flatMap(([key, place]): [string, Schema][] => {
    const own = OWN[key];
    if (own) return [[snakeKey(key), own]];
    const schema = place?.reduce<Schema | undefined>(
      (at, step) => {
        const name = at?.$ref?.split('/').at(-1);
        const inside = name === undefined ? at : definitions[name];
        return inside?.properties?.[step] as Schema | undefined;
      },
      generated as unknown as Schema,
    );
    return schema ? [[snakeKey(key), schema]] : [];
  });
  return Object.fromEntries(entries);
}

export const vertexSchema: Schema = {
  ...object('Arguments of a Vertex AI CustomJob.', {
    spec: object('Arguments to make the job.', settings(SPEC_KEYS)),
    run: object('Arguments to start the job.', settings(RUN_KEYS)),
    builder: builderSchema,
  }),
  $comment: document.$comment,
  definitions: snakeDefinitions,
};
