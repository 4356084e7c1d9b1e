import type { JsonObject } from '@/core/wire';
import type { AgentConfig } from './types';

/**
 * The configuration as the server may know and show it, in the words of the file. User names and passwords in addresses and query
 * strings (signatures of Azure) are taken out; of `kaniko-config`, whose variables may be secret, only that there is one.
 */
export function redactAgentConfig(config: AgentConfig): JsonObject {
  const { environment, registry, builder } = config;
  return compact({
    entity: config.entity,
    queues: config.queues,
    max_jobs: config.maxJobs,
    stopped_run_timeout: config.stoppedRunTimeout,
    macro_env: config.macroEnv,
    namespace: config.namespace,
    kubernetes: Object.values(config.kubernetes).some(Boolean) ? compact({ ...config.kubernetes }) : null,
    additionalTargetNamespaces: config.additionalTargetNamespaces,
    secure_mode: config.secureMode ? true : null,
    environment: environment === null ? null : { ...environment },
    registry: registry === null ? null : compact({ type: registry.type, uri: withoutSecrets(registry.uri) }),
    builder:
      builder === null
        ? null
        : compact({
            type: builder.type,
            destination: withoutSecrets(builder.destination),
            platform: builder.platform,
            'build-context-store': withoutSecrets(builder.buildContextStore),
            'build-job-name': builder.buildJobName,
            'kaniko-image': withoutSecrets(builder.kanikoImage),
            'kaniko-config': builder.kanikoConfig === null ? null : '(set)',
            'secret-name': builder.secretName,
            'secret-key': builder.secretKey,
          }),
  });
}

const withoutSecrets = (address: string | null): string | null =>
  address === null ? null : address.replace(/[?#].*$/s, '').replace(/^([a-z0-9]+:\/\/)?[^/]*:[^/]*@/i, '$1');

const compact = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
