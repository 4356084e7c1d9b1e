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
    case 'gcp-vertex': {
      // project/region/run, with the number of the execution from the second on; Vertex AI's own name of the job is another one.
      const [project, region, name] = externalRef.split('/');
      if (!project || !region || !name) return undefined;
      const [run, execution = '1'] = name.split('-');
      const filter = `labels.slipway-run-id=${run} AND labels.slipway-execution=${execution}`;
      return quoteCommand([
        'gcloud',
        'ai',
        'custom-jobs',
        'list',
        `--project=${project}`,
        `--region=${region}`,
        `--filter=${filter}`,
      ]);
    }
    case 'local-process':
      return undefined;
  }
}
