import { describe, expect, it } from 'vitest';
import { treeFromJson } from '@/core/config-tree';
import type { Json, JsonObject, ResourceId } from '@/core/wire';
import { checkResource, normalizeTree, suggestVariable } from '.';

const check = (resource: ResourceId, config: Json) =>
  checkResource(resource, treeFromJson(config)).map(
    ({ severity, message, keys }) => `${severity} ${keys.join('.')}: ${message}`,
  );
const normalize = (resource: ResourceId, config: Json) => normalizeTree(resource, treeFromJson(config));

describe('checkResource', () => {
  it('accepts an empty configuration where nothing is required', () => {
    for (const resource of ['local-container', 'local-process', 'kubernetes'] as const) {
      expect(check(resource, {})).toEqual([]);
    }
    expect(check('sagemaker', {})).toHaveLength(4);
    expect(check('gcp-vertex', {})).toHaveLength(2);
  });

  it('names what SageMaker misses and does not know', () => {
    const found = check('sagemaker', {
      RoleArn: 'r',
      OutputDataConfig: {},
      StopingCondition: {},
      TrainingJobName: 'x',
    });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'error OutputDataConfig.S3OutputPath',
      'error ResourceConfig',
      'error StoppingCondition',
      'error TrainingJobName',
      'error StopingCondition',
    ]);
    expect(found[4]).toContain('did you mean "StoppingCondition"?');
  });

  it('checks all fields of SageMaker, and lets macros, numbers as texts and bare role names be', () => {
    const config = {
      RoleArn: 'train-role',
      OutputDataConfig: { S3OutputPath: '${BUCKET}' },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 'two', VolumeSizeInGB: 2 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      Environment: { DEBUG: 1 },
      HyperParameters: { epochs: 3 },
      EnableManagedSpotTraining: true,
    };
    expect(check('sagemaker', config)).toEqual([
      'error ResourceConfig.InstanceCount: "ResourceConfig.InstanceCount" must be a whole number, not "two".',
    ]);
  });

  it('takes the names of the REST interface for Vertex, and checks all fields', () => {
    const pool = {
      machineSpec: { machineType: 'n1-standard-4' },
      replicaCount: 1,
      containerSpec: { args: ['a'] },
    };
    const spec = { workerPoolSpecs: [pool], stagingBucket: 'gs://b', scheduling: { disableRetries: true } };
    expect(check('gcp-vertex', { spec, run: { restartJobOnWorkerRestart: false } })).toEqual([]);
    const wrong = { ...spec, workerPoolSpecs: [{ ...pool, machine_spec: { accelerator_count: 'one' } }] };
    expect(check('gcp-vertex', { spec: wrong, run: { enable_web_access: 'yes' } })).toEqual([
      expect.stringContaining(
        '"spec.workerPoolSpecs.0.machine_spec.accelerator_count" must be a whole number',
      ),
      expect.stringContaining('"run.enable_web_access" must be true or false, not "yes"'),
    ]);
  });

  it('limits what Vertex takes', () => {
    const spec = { worker_pool_specs: [{}], staging_bucket: 'gs://b' };
    expect(check('gcp-vertex', { spec, run: { timeout: 60, network: 'n' } })).toEqual([]);
    expect(check('gcp-vertex', { spec, run: { timeuot: 60 } })[0]).toContain('did you mean "timeout"?');
    expect(check('gcp-vertex', { spec: { ...spec, worker_pool_specs: [] } })[0]).toContain(
      'worker_pool_specs',
    );
  });

  it('limits what a local process takes', () => {
    expect(check('local-process', { cwd: '/x', env: { A: 1 }, shell: true })).toEqual([]);
    expect(check('local-process', { evn: {} })[0]).toContain('did you mean "env"?');
    expect(check('local-process', { env: 1, cwd: 1, shell: [] })).toHaveLength(3);
  });

  it('knows the options of docker run', () => {
    expect(
      check('local-container', { env: ['A=1', 'B'], v: '/a:/a', rm: true, cpus: 1.5, label: { a: 1 } }),
    ).toEqual([]);
    expect(check('local-container', { volum: 'x' })).toEqual([
      'warning volum: "volum" is not a known option of docker run (did you mean "volume"?).',
    ]);
    expect(
      check('local-container', { name: 'x', d: true, volume: { a: 1 }, dns: [['a']], '--rm': true }),
    ).toEqual([
      expect.stringContaining('error name: "name" cannot be set: '),
      expect.stringContaining('warning d: "d" is left out'),
      expect.stringContaining('error volume: '),
      expect.stringContaining('error dns.0: '),
      expect.stringContaining('error --rm: '),
    ]);
    expect(check('local-container', { name: null, detach: false })).toEqual([]);
    expect(check('local-container', { rm: 'yes', init: 'true' })).toEqual([
      expect.stringContaining('error rm: '),
    ]);
  });

  it('looks at Kubernetes objects lightly', () => {
    expect(check('kubernetes', { kind: 'PyTorchJob', apiVersion: 'kubeflow.org/v1', anything: 1 })).toEqual(
      [],
    );
    expect(check('kubernetes', { kind: 'PyTorchJob' })[0]).toContain('apiVersion');
    expect(check('kubernetes', { spec: { template: { spec: { restartPolicy: 'Always' } } } })).toHaveLength(
      1,
    );
    expect(check('kubernetes', { metdata: {} })[0]).toContain('did you mean "metadata"?');
  });

  it('checks all fields of Kubernetes in Jobs and in the pod templates of custom resources', () => {
    const container = {
      env: [
        { name: 'LR', value: 0.1 },
        { name: 'P', value: '${run_id}' },
      ],
      args: ['--epochs', 3],
      resources: { limits: { cpu: 2, memory: '1Gi', 'nvidia.com/gpu': 1 } },
      securityContext: { fsGroup: 1000 },
    };
    const pod = (changes: JsonObject) => ({
      metadata: { labels: { tier: 1 } },
      spec: { containers: [container], securityContext: { privileged: false }, ...changes },
    });
    const job = (changes: JsonObject) => ({ spec: { parallelism: 2, template: pod(changes) } });
    expect(check('kubernetes', job({ nodeSelector: { gpu: true } }))).toEqual([]);
    expect(
      check('kubernetes', job({ containers: [{ resource: {} }], initContainer: [], hostname: ['a'] })),
    ).toEqual([
      'warning spec.template.spec.containers.0.resource: "spec.template.spec.containers.0.resource" is not a field of Kubernetes (did you mean "resources"?).',
      'warning spec.template.spec.initContainer: "spec.template.spec.initContainer" is not a field of Kubernetes (did you mean "initContainers"?).',
      'error spec.template.spec.hostname: "spec.template.spec.hostname" must be a text, not a list.',
    ]);
    const resource = (changes: JsonObject) => ({
      apiVersion: 'example.com/v1',
      kind: 'Sweep',
      metadata: { labels: 'a' },
      spec: { anything: { workers: [{ template: pod(changes) }] } },
    });
    expect(check('kubernetes', resource({ volumes: {} }))).toEqual([
      'error metadata.labels: "metadata.labels" must be a map, not "a".',
      'error spec.anything.workers.0.template.spec.volumes: "spec.anything.workers.0.template.spec.volumes" must be a list, not a map.',
    ]);
  });

  it('finds values left to be filled in and ECR addresses without dkr, anywhere', () => {
    expect(check('local-process', { env: { A: 's3://<REQUIRED>/x' } })[0]).toContain('error env.A');
    const [ecr] = check('local-process', { env: { A: '123456789012.ecr.us-east-1.amazonaws.com/x' } });
    expect(ecr).toContain('it should be 123456789012.dkr.ecr.us-east-1.amazonaws.com');
    expect(check('local-process', { env: { A: '123456789012.dkr.ecr.us-east-1.amazonaws.com/x' } })).toEqual(
      [],
    );
  });

  it('takes builder.accelerator.base_image only', () => {
    expect(check('local-process', { builder: { accelerator: { base_image: 'x' } } })).toEqual([]);
    expect(check('local-process', { builder: { type: 'docker' } })[0]).toContain('warning builder.type');
    expect(check('local-process', { builder: { accelerator: { base_image: 1 } } })[0]).toContain('error');
  });
});

describe('normalizeTree', () => {
  it('removes the wrapper, also beside the builder', () => {
    const inner = { namespace: 'x' };
    expect(normalize('kubernetes', { kubernetes: inner }).tree).toEqual(treeFromJson(inner));
    expect(normalize('kubernetes', { kubernetes: inner, builder: {} }).tree).toEqual(
      treeFromJson({ ...inner, builder: {} }),
    );
    expect(normalize('local-container', { docker: { rm: true } }).tree).toEqual(treeFromJson({ rm: true }));
    expect(normalize('gcp-vertex', { vertex: {} }).tree).toEqual(treeFromJson({}));
  });

  it('keeps what is no wrapper, and refuses that of another resource', () => {
    const both = { kubernetes: {}, spec: {} };
    expect(normalize('kubernetes', both).tree).toEqual(treeFromJson(both));
    expect(normalize('kubernetes', { sagemaker: {} }).findings[0]).toMatchObject({ severity: 'error' });
  });

  it('renames backOffLimit and moves fields of the Job up', () => {
    const { tree, findings } = normalize('kubernetes', {
      spec: { backOffLimit: 1, template: { ttlSecondsAfterFinished: 5, backoffLimit: 9 } },
    });
    expect(tree).toEqual(
      treeFromJson({ spec: { backoffLimit: 1, template: {}, ttlSecondsAfterFinished: 5 } }),
    );
    expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
  });

  it('gives the securityContext of a template to the containers without one', () => {
    const { tree } = normalize('kubernetes', {
      spec: {
        template: {
          securityContext: { a: 1 },
          spec: { containers: [{ name: 'x' }, { securityContext: { b: 1 } }] },
        },
      },
    });
    const containers: Json = [{ name: 'x', securityContext: { a: 1 } }, { securityContext: { b: 1 } }];
    expect(tree).toEqual(treeFromJson({ spec: { template: { spec: { containers } } } }));
  });
});

describe('suggestVariable', () => {
  it.each([
    ['ResourceConfig.InstanceCount', 'sagemaker', 'integer'],
    ['ResourceConfig.InstanceType', 'sagemaker', 'string'],
    ['HyperParameters.InstanceCount', 'sagemaker', 'string'],
    ['spec.worker_pool_specs.0.replica_count', 'gcp-vertex', 'integer'],
    ['spec.workerPoolSpecs.0.replicaCount', 'gcp-vertex', 'integer'],
    ['spec.template.spec.containers.0.resources.limits["nvidia.com/gpu"]', 'kubernetes', 'integer'],
    ['spec.template.spec.containers.0.resources.limits.memory', 'kubernetes', 'string'],
    ['spec.parallelism', 'kubernetes', 'integer'],
    ['cpus', 'local-container', 'float'],
    ['memory', 'local-container', 'string'],
    ['pids-limit', 'local-container', 'integer'],
    ['env.0', 'local-container', 'string'],
  ] as const)('%s of %s: %s', (path, resource, type) => {
    expect(suggestVariable(path, resource)).toBe(type);
  });

  it('goes by the numbers beside it', () => {
    expect(suggestVariable('a.1', 'kubernetes', [1, 2])).toBe('integer');
    expect(suggestVariable('a.1', 'kubernetes', [0.5])).toBe('float');
    expect(suggestVariable('a.1', 'kubernetes', ['x', 1])).toBe('string');
  });
});
