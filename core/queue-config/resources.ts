import type { ResourceId } from '@/core/wire';
import * as examples from './examples';

export interface ResourceInfo {
  id: ResourceId;
  label: string;
  /** Its runs live on the agent's host: only the same agent can take them up again. */
  hostBound: boolean;
  /** Keys that may wrap the whole configuration; the first one is the id. */
  wrapperKeys: readonly string[];
  /** What the editor starts with. */
  example: { yaml: string; json: string };
  /** Whether agents of this release run it. */
  servable: boolean;
  /** What its configuration means, one sentence. */
  blurb: string;
}

export const RESOURCE_INFO: Record<ResourceId, ResourceInfo> = {
  'local-container': {
    id: 'local-container',
    label: 'Docker',
    hostBound: true,
    wrapperKeys: ['local-container', 'docker'],
    example: { yaml: examples.DOCKER_YAML, json: examples.DOCKER_JSON },
    servable: true,
    blurb: 'Options of "docker run": a list repeats an option, true makes a flag, false leaves it out.',
  },
  'local-process': {
    id: 'local-process',
    label: 'Local process',
    hostBound: true,
    wrapperKeys: ['local-process', 'process'],
    example: { yaml: examples.PROCESS_YAML, json: examples.PROCESS_JSON },
    servable: true,
    blurb: 'The run is a process on the host of the agent; "cwd", "env" and "shell" say how it starts.',
  },
  kubernetes: {
    id: 'kubernetes',
    label: 'Kubernetes',
    hostBound: false,
    wrapperKeys: ['kubernetes', 'k8s'],
    example: { yaml: examples.KUBERNETES_YAML, json: examples.KUBERNETES_JSON },
    servable: true,
    blurb: 'A partial Job (batch/v1), or any custom resource with its own "apiVersion" and "kind".',
  },
  sagemaker: {
    id: 'sagemaker',
    label: 'SageMaker',
    hostBound: false,
    wrapperKeys: ['sagemaker', 'SageMaker'],
    example: { yaml: examples.SAGEMAKER_YAML, json: examples.SAGEMAKER_JSON },
    servable: true,
    blurb: 'The body of a "CreateTrainingJob" request; name, image and tags are filled in.',
  },
  'gcp-vertex': {
    id: 'gcp-vertex',
    label: 'GCP Vertex',
    hostBound: false,
    wrapperKeys: ['gcp-vertex', 'vertex'],
    example: { yaml: examples.VERTEX_YAML, json: examples.VERTEX_JSON },
    servable: true,
    blurb: 'Arguments of a Vertex AI "CustomJob": "spec" to make it, "run" to start it.',
  },
};
