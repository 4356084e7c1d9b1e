import { TRAINING_JOB } from '@/core/api-schemas';
import type { LaunchSpec } from '@/core/wire';
import {
  REQUIRED,
  SECRET_PLACEHOLDER,
  checkDocument,
  executionName,
  noteSecrets,
  startDocument,
} from '../shared/cloud';
import { SubmissionDocument } from '../shared/document';
import type { Keys } from '../shared/document';
import { mergeEnv } from '../shared/environment';
import type { EnvEntry } from '../shared/environment';
import { Problems } from '../shared/problems';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';
import { TEXT_MAPS } from './texts';

/** With its path, if it has one. */
const ROLE_NAME = /^[\w+=,.@/-]{1,512}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\//;
const ALGORITHM: Keys = ['AlgorithmSpecification'];
const ECR = /^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\//;
/** Limits of CreateTrainingJob on its Environment: characters of a value, variables. */
export const MAX_VALUE = 512;
const MAX_VARIABLES = 100;

/**
 * The body of `CreateTrainingJob`. What the configuration has stays as it is; keys that are not known here are passed on. The whole is
 * checked against the service's own description of it.
 */
export function renderSageMaker(spec: LaunchSpec, context: RenderContext): Rendered {
  const problems = new Problems();
  const doc = startDocument(spec, context, problems);
  const name = executionName(spec.runId, context.execution);
  if (!doc.absent(['TrainingJobName']) && doc.get(['TrainingJobName']) !== name) {
    problems.warn('TrainingJobName is replaced by the run id, by which the job is found again.', [
      'TrainingJobName',
    ]);
  }
  doc.set(['TrainingJobName'], name);
  checkRequired(doc, problems);
  fillRole(doc, context, problems);
  fillAlgorithm(doc, spec, context, problems);
  fillEnvironment(doc, spec, context, problems);
  writeTexts(doc);
  fillTags(doc, spec, problems);
  checkRest(doc, problems);
  if (context.image === null)
    problems.info(
      `The image is not known yet: the agent builds it. ${IMAGE_PLACEHOLDER} stands in its place.`,
    );
  return {
    submission: {
      kind: 'sagemaker',
      text: JSON.stringify(doc.root, null, 2),
      document: doc.root,
      origins: doc.origins(),
    },
    problems: problems.list,
  };
}

function checkRequired(doc: SubmissionDocument, problems: Problems): void {
  for (const keys of [
    ['RoleArn'],
    ['OutputDataConfig', 'S3OutputPath'],
    ['ResourceConfig'],
    ['StoppingCondition'],
  ]) {
    if (doc.absent(keys)) problems.error(`CreateTrainingJob needs ${keys.join('.')}.`, keys);
  }
}

function fillRole(doc: SubmissionDocument, context: RenderContext, problems: Problems): void {
  const role = doc.get(['RoleArn']);
  if (typeof role !== 'string') return;
  if (role.startsWith('arn:') || !ROLE_NAME.test(role)) {
    if (!ROLE_ARN.test(role) && role !== REQUIRED)
      problems.warn('This is not the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME), nor its name.', [
        'RoleArn',
      ]);
    return;
  }
  if (context.awsAccountId === undefined) {
    problems.info('The agent makes an ARN of this role name once it knows its AWS account.', ['RoleArn']);
    return;
  }
  doc.set(
    ['RoleArn'],
    `arn:${context.awsPartition ?? 'aws'}:iam::${context.awsAccountId}:role/${role}`,
    doc.origin(['RoleArn']),
  );
}

function fillAlgorithm(
  doc: SubmissionDocument,
  spec: LaunchSpec,
  context: RenderContext,
  problems: Problems,
): void {
  if (!doc.absent(ALGORITHM) && doc.object(ALGORITHM) === undefined) {
    problems.error('AlgorithmSpecification is a map.', ['AlgorithmSpecification']);
    return;
  }
  if (doc.absent([...ALGORITHM, 'AlgorithmName'])) {
    doc.setIfAbsent([...ALGORITHM, 'TrainingImage'], context.image ?? IMAGE_PLACEHOLDER, 'launch');
  }
  checkImage(doc, context, problems);
  doc.setIfAbsent([...ALGORITHM, 'TrainingInputMode'], 'File');
  const entrypoint = [...(spec.entrypoint ?? [])];
  const args = [...spec.args];
  const command: Keys = [...ALGORITHM, 'ContainerEntrypoint'];
  if (entrypoint.length > 0) {
    if (doc.absent(command)) doc.set(command, entrypoint, 'launch');
    else {
      problems.info(
        'The entrypoint of the queue stays; that of the launch becomes its first arguments.',
        command.map(String),
      );
      args.unshift(...entrypoint);
    }
  }
  const words: Keys = [...ALGORITHM, 'ContainerArguments'];
  const own = doc.list(words);
  if (args.length > 0) {
    if (own === undefined) doc.set(words, args, 'launch');
    else for (const text of args) doc.set([...words, own.length], text, 'launch');
  }
}

function checkImage(doc: SubmissionDocument, context: RenderContext, problems: Problems): void {
  const keys: Keys = [...ALGORITHM, 'TrainingImage'];
  const image = doc.get(keys);
  const path = keys.map(String);
  if (image === undefined) {
    problems.info('The queue names an algorithm of SageMaker, which runs in the place of the image.', [
      'AlgorithmSpecification',
      'AlgorithmName',
    ]);
  } else if (image !== context.image && image !== IMAGE_PLACEHOLDER) {
    problems.info('The queue names the image that runs, in the place of that of the launch.', path);
  }
  const elsewhere = typeof image === 'string' && image !== IMAGE_PLACEHOLDER && !ECR.test(image);
  if (elsewhere && doc.absent([...ALGORITHM, 'TrainingImageConfig'])) {
    problems.warn(
      `SageMaker pulls images from Amazon ECR (ACCOUNT.dkr.ecr.REGION.amazonaws.com/…); ${image} is elsewhere.`,
      path,
    );
  }
}

function fillEnvironment(
  doc: SubmissionDocument,
  spec: LaunchSpec,
  context: RenderContext,
  problems: Problems,
): void {
  const own = doc.object(['Environment']);
  if (own === undefined && !doc.absent(['Environment'])) {
    problems.error('Environment is a map of texts.', ['Environment']);
    return;
  }
  const entries = Object.entries(own ?? {}).map(([name, value]): EnvEntry => ({
    name,
    value: typeof value === 'object' ? '' : String(value),
    origin: doc.origin(['Environment', name]),
  }));
  const merged = mergeEnv(spec, context, context.image ?? IMAGE_PLACEHOLDER, entries, problems);
  for (const { name, value, origin } of [...merged.config, ...merged.launch, ...merged.run]) {
    doc.set(['Environment', name], value ?? '', origin);
    const { length } = value ?? '';
    if (length > MAX_VALUE) {
      problems.error(
        `SageMaker takes at most ${MAX_VALUE} characters a variable; ${name} has ${length}.${advice(name)}`,
        ['Environment', name],
      );
    }
  }
  for (const name of merged.secrets) doc.set(['Environment', name], SECRET_PLACEHOLDER, 'queue');
  noteSecrets(merged.secrets, 'the Environment of the training job', problems);
  const count = Object.keys(doc.object(['Environment']) ?? {}).length;
  if (count > MAX_VARIABLES) {
    problems.error(
      `SageMaker takes at most ${MAX_VARIABLES} variables; there are ${count}, those that Slipway sets among them.`,
      ['Environment'],
    );
  }
}

const advice = (name: string) =>
  /^(?:SLIPWAY|WANDB)_CONFIG$/.test(name)
    ? ' It is the config of the run: put a large one into a file in S3, and give its address.'
    : '';

/** Numbers and booleans of the maps that hold texts only. */
function writeTexts(doc: SubmissionDocument): void {
  for (const map of TEXT_MAPS) {
    for (const [key, value] of Object.entries(doc.object([map]) ?? {})) {
      if (typeof value === 'number' || typeof value === 'boolean')
        doc.set([map, key], String(value), doc.origin([map, key]));
    }
  }
}

function checkRest(doc: SubmissionDocument, problems: Problems): void {
  const whole = new SubmissionDocument(doc.root);
  // It has been looked at above, and may still be a name.
  if (typeof doc.get(['RoleArn']) === 'string') whole.set(['RoleArn'], 'arn:aws:iam::000000000000:role/any');
  checkDocument(whole, TRAINING_JOB, problems);
}

function fillTags(doc: SubmissionDocument, spec: LaunchSpec, problems: Problems): void {
  const tags = {
    'slipway.dev/run-id': spec.runId,
    'slipway.dev/queue': spec.queue,
    'slipway.dev/entity': spec.entity,
  };
  doc.setIfAbsent(['Tags'], []);
  const own = doc.list(['Tags']);
  if (own === undefined) {
    problems.error('Tags is a list of {Key, Value}.', ['Tags']);
    return;
  }
  for (const [key, value] of Object.entries(tags)) {
    const at = own.findIndex(
      (tag) => typeof tag === 'object' && tag !== null && !Array.isArray(tag) && tag['Key'] === key,
    );
    if (at >= 0) problems.warn(`The tag ${key} is replaced: Slipway sets it.`, ['Tags', String(at)]);
    doc.set(['Tags', at >= 0 ? at : own.length], { Key: key, Value: value });
  }
}
