import { z } from 'zod';
import { jsonObjectSchema, nameSchema } from '@/core/wire';

const text = (what: string) =>
  z.string(`${what} is a text`).trim().min(1, `${what} must not be empty`).max(2000, `${what} is too long`);
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `expected one of ${values.join(', ')}`);
const envName = z
  .string('expected the name of a variable')
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a variable');

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const environmentSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('aws'), region: text('region') }),
    z.strictObject({ type: z.literal('gcp'), region: text('region'), project: text('project') }),
    z.strictObject({ type: z.literal('azure') }),
  ],
  { error: 'an environment has a type: aws, gcp or azure' },
);

const registrySchema = z.strictObject({
  type: oneOf(['ecr', 'gcr', 'acr', 'docker']).optional(),
  uri: text('uri').optional(),
});

const builderSchema = z.strictObject({
  type: oneOf(['docker', 'kaniko', 'noop']),
  destination: text('destination').optional(),
  /** As the guide of the original writes `destination` in one place. */
  uri: text('uri').optional(),
  platform: text('platform')
    .regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, 'expected a platform such as linux/amd64')
    .optional(),
  'build-context-store': text('build-context-store').optional(),
  'build-job-name': text('build-job-name')
    .regex(/^[a-z0-9]([-a-z0-9]{0,44}[a-z0-9])?$/, 'expected at most 46 lower-case letters, digits and "-"')
    .optional(),
  'kaniko-image': text('kaniko-image').optional(),
  'kaniko-config': jsonObjectSchema.optional(),
  'secret-name': text('secret-name').optional(),
  'secret-key': text('secret-key').optional(),
});

const namespaces = z
  .array(
    text('a namespace').regex(NAMESPACE, 'is not a Kubernetes namespace'),
    'expected a list of namespaces',
  )
  .max(500, 'at most 500 namespaces');

const kubernetesSchema = z.strictObject({
  kubeconfig: text('kubeconfig').optional(),
  context: text('context').optional(),
});

/** The agent's file as it is written. Tolerances are dealt with in `normalize`. */
export const agentFileSchema = z.strictObject({
  entity: nameSchema.optional(),
  queues: z.array(nameSchema, 'expected a list of queue names').max(200, 'at most 200 queues').optional(),
  max_jobs: z
    .int('expected a whole number; -1 means no limit')
    .refine(
      (value) => value === -1 || (value >= 1 && value <= 100_000),
      'expected -1 (no limit) or a number from 1 to 100000',
    )
    .optional(),
  stopped_run_timeout: z
    .number('expected seconds')
    .min(0, 'must not be negative')
    .max(86_400, 'must be at most a day')
    .optional(),
  macro_env: z
    .array(envName, 'expected a list of names of variables')
    .max(200, 'at most 200 variables')
    .optional(),
  namespace: text('namespace').regex(NAMESPACE, 'is not a Kubernetes namespace').optional(),
  kubernetes: kubernetesSchema.optional(),
  /** The guide of the original has it among the settings of its chart. */
  additionalTargetNamespaces: namespaces.optional(),
  secure_mode: z.boolean('expected true or false').optional(),
  environment: environmentSchema.optional(),
  registry: registrySchema.optional(),
  builder: builderSchema.optional(),
});
export type AgentFile = z.infer<typeof agentFileSchema>;

/** Keys of each map of the file, to name the nearest one of a misspelt key. Of `environment`: those of all its types. */
export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(agentFileSchema.shape),
  environment: ['type', 'region', 'project'],
  kubernetes: Object.keys(kubernetesSchema.shape),
  registry: Object.keys(registrySchema.shape),
  builder: Object.keys(builderSchema.shape),
};
