import type { ConfigProblem, LaunchSpec, Submission } from '@/core/wire';

/** What only the one that submits knows. The server's preview leaves out what it cannot know. */
export interface RenderContext {
  /** Null while it is not known yet (it is still to be built); shown as `<image>` then. */
  image: string | null;
  /** Variables of the agent that its `macro_env` lists, by name. */
  macroEnv?: Record<string, string>;
  agentId?: string;
  agentName?: string;
  /** From 1 on; raised by each retry, preemption and requeue. Names of jobs that cannot be used twice differ by it. */
  execution?: number;
  /** Kubernetes: namespace of the agent's own configuration, or of its context. */
  namespace?: string;
  /** Kubernetes: name of the Secret that holds registry credentials. */
  imagePullSecret?: string;
  /** Kubernetes: name of the Secret that the agent puts the queue's secrets into; a name made from the run id otherwise. */
  secretRef?: string;
  /** Kubernetes: seconds between SIGTERM and SIGKILL of the agent's own, where the queue says nothing. */
  stopGraceSeconds?: number;
  /** Kubernetes: what gives a program more rights than a program needs is refused from queues too. */
  secureMode?: boolean;
  /** SageMaker: turns a bare role name into an ARN. */
  awsAccountId?: string;
  /** SageMaker: `aws`, `aws-cn` or `aws-us-gov`; `aws` otherwise. */
  awsPartition?: string;
  /** Names of the queue's secrets; their values are never rendered. */
  secretNames?: string[];
}

/** A problem of severity `error` means: do not submit. */
export interface Rendered {
  submission: Submission;
  problems: ConfigProblem[];
}

export type Renderer = (spec: LaunchSpec, context: RenderContext) => Rendered;

/** Shown in the place of an image that is still to be built. */
export const IMAGE_PLACEHOLDER = '<image>';
