/** What cloud services and Kubernetes take, from their own descriptions (`scripts/schemas-*.mjs`), and the check of a document against it. */
import kubernetes from './kubernetes.json';
import sagemaker from './sagemaker.json';
import type { ApiDocument } from './types';
import vertex from './vertex.json';

export { checkApi, schemaAt } from './check';
export { scalarsForTexts } from './texts';
export type { ApiDocument } from './types';

/** `CreateTrainingJob`. */
export const TRAINING_JOB: ApiDocument = sagemaker;
/** `CustomJob`, in the REST interface's names. */
export const CUSTOM_JOB: ApiDocument = vertex;
/** Parts of Kubernetes objects, in its `definitions`: `JobSpec`, `PodTemplateSpec`, `Container`, `EnvVar`, `ObjectMeta`. */
export const KUBERNETES: ApiDocument = kubernetes;
