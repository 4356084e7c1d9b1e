import { quoteCommand } from '@/core/command';
import type { ResourceId } from '@/core/wire';

/** The command that shows a run in the tool of its resource, with what the agent said it submitted; undefined where there is none to tell. */
export function resourceCommand(resource: ResourceId, externalRef: string | null): string | undefined {
  if (externalRef === null) return undefined;
  switch (resource) {
    case 'local-container':
      return quoteCommand(['docker', 'inspect', externalRef]);
    case 'kubernetes': {
      // apiVersion/kind/namespace/name; the version may itself hold a slash.
      const [name, namespace, kind] = externalRef.split('/').reverse();
      if (!name || !namespace || !kind) return undefined;
      return quoteCommand(['kubectl', '-n', namespace, 'describe', `${kind.toLowerCase()}/${name}`]);
    }
    case 'sagemaker':
      return quoteCommand(['aws', 'sagemaker', 'describe-training-job', '--training-job-name', externalRef]);
    case 'gcp-vertex':
      return quoteCommand(['gcloud', 'ai', 'custom-jobs', 'describe', externalRef]);
    case 'local-process':
      return undefined;
  }
}
