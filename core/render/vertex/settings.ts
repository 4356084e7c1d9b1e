import { CUSTOM_JOB, schemaAt } from '@/core/api-schemas';
import type { Keys } from '../shared/document';

const JOB_SPEC = Object.keys(CUSTOM_JOB.definitions['CustomJobSpec']?.properties ?? {});

/**
 * Where each argument of the Python SDK's `CustomJob` goes in the body of `customJobs.create`, and each field of the REST interface's
 * `CustomJobSpec`; by the names of the REST interface. Null: it is no part of the body.
 */
export const SPEC_KEYS: ReadonlyMap<string, Keys | null> = new Map<string, Keys | null>([
  ...JOB_SPEC.map((key): [string, Keys] => [key, ['jobSpec', key]]),
  ['displayName', ['displayName']],
  ['labels', ['labels']],
  ['encryptionSpecKeyName', ['encryptionSpec', 'kmsKeyName']],
  ['encryptionSpec', ['encryptionSpec']],
  ['baseOutputDir', ['jobSpec', 'baseOutputDirectory', 'outputUriPrefix']],
  ['stagingBucket', null],
  // The agent calls the project and region of its own environment, or these.
  ['project', null],
  ['location', null],
]);
/** Where each argument of the Python SDK's `run` goes. */
export const RUN_KEYS: ReadonlyMap<string, Keys | null> = new Map<string, Keys | null>([
  ['serviceAccount', ['jobSpec', 'serviceAccount']],
  ['network', ['jobSpec', 'network']],
  ['enableWebAccess', ['jobSpec', 'enableWebAccess']],
  ['tensorboard', ['jobSpec', 'tensorboard']],
  ['experiment', ['jobSpec', 'experiment']],
  ['experimentRun', ['jobSpec', 'experimentRun']],
  ['persistentResourceId', ['jobSpec', 'persistentResourceId']],
  ['restartJobOnWorkerRestart', ['jobSpec', 'scheduling', 'restartJobOnWorkerRestart']],
  ['disableRetries', ['jobSpec', 'scheduling', 'disableRetries']],
  ['timeout', ['jobSpec', 'scheduling', 'timeout']],
  ['maxWaitDuration', ['jobSpec', 'scheduling', 'maxWaitDuration']],
  ['schedulingStrategy', ['jobSpec', 'scheduling', 'strategy']],
  ['pscInterfaceConfig', ['jobSpec', 'pscInterfaceConfig']],
  // Of the Python call only: Slipway always starts the job and watches it.
  ['sync', null],
  ['createRequestTimeout', null],
]);

/** Arguments that the SDK takes in seconds and the REST interface as a text (`3600s`). */
export const DURATIONS: readonly string[] = ['timeout', 'maxWaitDuration'];

/** Schema of the value of a setting, where the service describes it. */
export const settingSchema = (place: Keys) => schemaAt(CUSTOM_JOB, place);
