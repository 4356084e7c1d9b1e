import type { ResourceId } from '@/core/wire';

export interface ResourceInfo {
  id: ResourceId;
  label: string;
  /** Its runs live on the agent's host: only the same agent can take them up again. */
  hostBound: boolean;
  /** Keys that may wrap the whole configuration; the first one is the id. */
  wrapperKeys: readonly string[];
  /** What a run of it begins with besides a job: a container image, or a command of the host. */
  takes: 'image' | 'command';
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
    takes: 'image',
    wrapperKeys: ['local-container', 'docker'],
    servable: true,
    blurb: 'Options of "docker run": a list repeats an option, true makes a flag, false leaves it out.',
  },
  'local-process': {
    id: 'local-process',
    label: 'Local process',
    hostBound: true,
    takes: 'command',
    wrapperKeys: ['local-process', 'process'],
    servable: true,
    blurb: 'The run is a process on the host of the agent; "cwd", "env" and "shell" say how it starts.',
  },
  kubernetes: {
    id: 'kubernetes',
    label: 'Kubernetes',
    hostBound: false,
    takes: 'image',
    wrapperKeys: ['kubernetes', 'k8s'],
    servable: true,
    blurb: 'A partial Job (batch/v1), or any custom resource with its own "apiVersion" and "kind".',
  },
  sagemaker: {
    id: 'sagemaker',
    label: 'SageMaker',
    hostBound: false,
    takes: 'image',
    wrapperKeys: ['sagemaker', 'SageMaker'],
    servable: true,
    blurb: 'The body of a "CreateTrainingJob" request; name, image and tags are filled in.',
  },
  'gcp-vertex': {
    id: 'gcp-vertex',
    label: 'GCP Vertex',
    hostBound: false,
    takes: 'image',
    wrapperKeys: ['gcp-vertex', 'vertex'],
    servable: true,
    blurb: 'Arguments of a Vertex AI "CustomJob": "spec" to make it, "run" to start it.',
  },
};
