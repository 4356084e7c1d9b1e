import type { LaunchSpec, ResourceId } from '@/core/wire';
import { renderDocker } from './docker';
import { renderKubernetes } from './kubernetes';
import { renderProcess } from './process';
import { renderSageMaker } from './sagemaker';
import type { RenderContext, Rendered, Renderer } from './types';
import { renderVertex } from './vertex';

export { dockerPlan } from './docker';
export { EXECUTION_ANNOTATION, kubernetesPlan } from './kubernetes';
export { SECRET_PLACEHOLDER, executionName } from './shared/cloud';
export { processPlan } from './process';
export type { ProcessPlan } from './process';
export type { RenderContext, Rendered } from './types';

const RENDERERS: Record<ResourceId, Renderer> = {
  'local-container': renderDocker,
  'local-process': renderProcess,
  kubernetes: renderKubernetes,
  sagemaker: renderSageMaker,
  'gcp-vertex': renderVertex,
};

/**
 * What is handed to the resource for a run, exactly: the preview shows it and the agent sends it. Deterministic: the same spec and
 * context give the same submission. With a problem of severity `error` it must not be sent.
 */
export const renderSubmission = (spec: LaunchSpec, context: RenderContext): Rendered =>
  RENDERERS[spec.resource](spec, context);
