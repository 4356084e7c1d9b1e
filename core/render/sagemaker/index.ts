import type { LaunchSpec } from '@/core/wire';
import { SECRET_PLACEHOLDER, startDocument } from '../shared/cloud';
import type { Keys, SubmissionDocument } from '../shared/document';
import { mergeEnv } from '../shared/environment';
import type { EnvEntry } from '../shared/environment';
import { Problems } from '../shared/problems';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const ALGORITHM: Keys = ['AlgorithmSpecification'];
/** Limits of CreateTrainingJob: characters of a variable's value and of a word of the command, words of a command, tags. */
const MAX_VALUE = 512;
const MAX_WORD = 256;
const MAX_WORDS = 100;
const MAX_TAGS = 50;

/** The body of `CreateTrainingJob`. What the configuration has stays as it is; keys that are not known here are passed on. */
export function renderSageMaker(spec: LaunchSpec, context: RenderContext): Rendered {
  const problems = new Problems();
  const doc = startDocument(spec, context, problems);
  if (!doc.absent(['TrainingJobName']) && doc.get(['TrainingJobName']) !== spec.runId) {
    problems.warn('TrainingJobName is replaced by the run id, by which the job is found again.', [
      'TrainingJobName',
    ]);
  }
  doc.set(['TrainingJobName'], spec.runId);
  checkRequired(doc, problems);
  fillRole(doc, context, problems);
  fillAlgorithm(doc, spec, context, problems);
  fillEnvironment(doc, spec, context, problems);
  fillTags(doc, spec, problems);
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
  if (typeof role !== 'string' || role.startsWith('arn:') || !ROLE_NAME.test(role)) return;
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
  for (const keys of [command, words]) checkWords(doc, keys, problems);
}

function checkWords(doc: SubmissionDocument, keys: Keys, problems: Problems): void {
  const list = doc.list(keys) ?? [];
  const path = keys.map(String);
  if (list.length > MAX_WORDS)
    problems.error(`SageMaker takes at most ${MAX_WORDS} words here; there are ${list.length}.`, path);
  list.forEach((word, index) => {
    if (typeof word === 'string' && word.length > MAX_WORD) {
      problems.error(`SageMaker takes at most ${MAX_WORD} characters a word; this one has ${word.length}.`, [
        ...path,
        String(index),
      ]);
    }
  });
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
    if ((value ?? '').length > MAX_VALUE) {
      problems.error(
        `SageMaker takes at most ${MAX_VALUE} characters a variable; this one has ${(value ?? '').length}.`,
        ['Environment', name],
      );
    }
  }
  for (const name of merged.secrets) doc.set(['Environment', name], SECRET_PLACEHOLDER, 'queue');
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
  if (own.length > MAX_TAGS)
    problems.error(`A training job has at most ${MAX_TAGS} tags; there are ${own.length}.`, ['Tags']);
}
