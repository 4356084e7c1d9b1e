/** What cloud services take, from their own descriptions (`scripts/schemas-cloud.mjs`), and the check of a document against it. */
import sagemaker from './sagemaker.json';
import type { ApiDocument } from './types';
import vertex from './vertex.json';

export { checkApi, schemaAt } from './check';
export type { ApiDocument } from './types';

/** `CreateTrainingJob`. */
export const TRAINING_JOB: ApiDocument = sagemaker;
/** `CustomJob`, in the REST interface's names. */
export const CUSTOM_JOB: ApiDocument = vertex;
