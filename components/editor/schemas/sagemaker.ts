import generated from './generated/sagemaker.json';
import { builderSchema, object, type Schema } from './types';

const { definitions, ...document } = generated as unknown as Schema & { definitions: Record<string, Schema> };
const request = definitions['CreateTrainingJobRequest'];

/** Of this the agent makes an ARN, or fills it in. */
const OWN: Record<string, Schema> = {
  RoleArn: {
    description: 'Required. ARN of the execution role, or its name alone; not the role of the agent.',
  },
  builder: builderSchema,
};

export const sagemakerSchema: Schema = {
  ...object(
    'Body of a CreateTrainingJob request. Name, image, arguments, environment and tags come from the launch.',
    {
      ...Object.fromEntries(
        Object.entries(request?.properties ?? {}).filter(([key]) => key !== 'TrainingJobName'),
      ),
      ...OWN,
    } as Record<string, Schema>,
  ),
  $comment: document.$comment,
  definitions,
};
