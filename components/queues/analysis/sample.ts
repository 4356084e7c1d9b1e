import { RESOURCE_INFO } from '@/core/queue-config';
import { buildLaunchSpec } from '@/core/launch-spec';
import { renderSubmission } from '@/core/render';
import { checkValues, resolveConfig, type ConfigTree } from '@/core/templates';
import { sampleValue } from './sample-value';
import type {
  ConfigProblem,
  FieldError,
  Launch,
  ResourceId,
  Submission,
  TemplateVariables,
} from '@/core/wire';

export interface SampleInput {
  entity: string;
  queue: string;
  resource: ResourceId;
  prioritized: boolean;
  tree: ConfigTree;
  templates: TemplateVariables;
  values: Readonly<Record<string, string>>;
  /** Image of the sample run; of a process, its command. */
  what: string;
}
export interface Sample {
  submission: Submission | null;
  problems: ConfigProblem[];
  errors: FieldError[];
}

/** What a launch with these values would submit, rendered here by the code that agents use: for a queue that is not saved yet. */
export function renderSample(input: SampleInput): Sample {
  const { entity, queue, resource, tree, templates } = input;
  const checked = checkValues(
    templates,
    Object.fromEntries(
      Object.entries(templates).map(([name, variable]) => [
        name,
        input.values[name] || sampleValue(variable),
      ]),
    ),
  );
  if (!checked.ok) return { submission: null, problems: [], errors: checked.errors };
  const resolved = resolveConfig({ resource, tree, templates, values: checked.values, overrideAllow: [] });
  if (!resolved.ok) return { submission: null, problems: [], errors: resolved.errors };
  const launch: Launch = {
    templateValues: {},
    env: {},
    labels: [],
    ...(RESOURCE_INFO[resource].takes === 'command' ? { entrypoint: input.what } : { image: input.what }),
  };
  const built = buildLaunchSpec({
    runId: 'sample0run0id',
    runName: 'sample-run-1',
    entity,
    project: 'uncategorized',
    author: 'you',
    queue: {
      name: queue,
      resource,
      version: 1,
      prioritized: input.prioritized,
      startTimeoutSeconds: 1800,
      stopGraceSeconds: null,
    },
    resolved,
    launch,
    job: null,
  });
  if (!built.ok) return { submission: null, problems: [], errors: built.errors };
  return { ...renderSubmission(built.spec, { image: built.spec.image }), errors: [] };
}
