import { KNOWN_KINDS } from './custom-resources';
import generated from './generated/kubernetes.json';
import { builderSchema, choice, object, text, type Schema } from './types';

const { $comment, definitions } = generated as unknown as {
  $comment: string;
  definitions: Record<string, Schema>;
};

const unique = (values: string[]) => [...new Set(values)];
const written = (key: string, value: string): Schema => ({
  properties: { [key]: { const: value } },
  required: [key],
});

/** The Job where no kind is written, else the kind that is. */
const kinds: Schema[] = [
  {
    if: {
      anyOf: [{ not: { required: ['kind'] } }, written('kind', 'Job')],
      not: written('apiVersion', 'batch.volcano.sh/v1alpha1'),
    },
    then: { properties: { spec: { $ref: '#/definitions/JobSpec' } } },
  },
  ...KNOWN_KINDS.map(({ apiVersion, kind, spec }): Schema => ({
    if:
      kind === 'Job'
        ? { allOf: [written('kind', kind), written('apiVersion', apiVersion)] }
        : written('kind', kind),
    then: { properties: { spec } },
  })),
];

export const kubernetesSchema: Schema = {
  ...object('A partial Job (batch/v1), or any custom resource with apiVersion and kind.', {
    apiVersion: choice(
      'batch/v1 unless it is given.',
      ...unique(['batch/v1', ...KNOWN_KINDS.map(({ apiVersion }) => apiVersion)]),
    ),
    kind: choice('Job unless it is given.', ...unique(['Job', ...KNOWN_KINDS.map(({ kind }) => kind)])),
    namespace: text('Namespace of the run; metadata.namespace goes before it.'),
    metadata: { $ref: '#/definitions/ObjectMeta' },
    spec: { type: 'object', description: 'Specification of the Job or custom resource.' },
    builder: builderSchema,
  }),
  allOf: kinds,
  $comment,
  definitions,
};
