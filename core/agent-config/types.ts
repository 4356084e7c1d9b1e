import type { ConfigProblem, JsonObject } from '@/core/wire';

export type AgentEnvironment =
  { type: 'aws'; region: string } | { type: 'gcp'; region: string; project: string } | { type: 'azure' };
export type RegistryType = 'ecr' | 'gcr' | 'acr' | 'docker';
export type BuilderType = 'docker' | 'kaniko' | 'noop';

export interface AgentBuilder {
  type: BuilderType;
  /** Image name without tag and scheme; null: images stay on the host. That of `registry` when the builder names none. */
  destination: string | null;
  platform: string | null;
  buildContextStore: string | null;
  buildJobName: string;
  kanikoImage: string | null;
  /** Merged over the build Job. */
  kanikoConfig: JsonObject | null;
  /** Registry credentials as a Kubernetes Secret. */
  secretName: string | null;
  secretKey: string | null;
}

/** The agent's configuration with everything filled in that has a default. */
export interface AgentConfig {
  entity: string | null;
  queues: string[];
  /** -1: no limit. */
  maxJobs: number;
  /** Seconds between SIGTERM and SIGKILL. */
  stoppedRunTimeout: number;
  /** Variables of the agent that queues may read as macros. */
  macroEnv: string[];
  /** Kubernetes namespace for runs whose queue names none. */
  namespace: string | null;
  /** Which cluster: a kubeconfig (null: `KUBECONFIG`, `~/.kube/config` or the pod's service account) and a context of it (null: its current one). */
  kubernetes: { kubeconfig: string | null; context: string | null };
  /** Namespaces besides its own that runs may go to; null: any that the cluster lets it. */
  additionalTargetNamespaces: string[] | null;
  /** Refuses what gives a program more rights than a program needs, from queues too. */
  secureMode: boolean;
  environment: AgentEnvironment | null;
  registry: { type: RegistryType; uri: string | null } | null;
  /** Null: `docker` if a Docker engine answers, else `noop`. */
  builder: AgentBuilder | null;
}

/** `config` is null when there is an error among the problems. */
export interface ParsedAgentConfig {
  config: AgentConfig | null;
  problems: ConfigProblem[];
}
