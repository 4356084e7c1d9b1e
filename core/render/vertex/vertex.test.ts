import { describe, expect, it } from 'vitest';
import type { JsonObject, LaunchSpec } from '@/core/wire';
import { renderVertex } from '.';
import { testSpec } from '../shared/testing';
import type { RenderContext } from '../types';

const IMAGE = 'us-docker.pkg.dev/p/r/train:1';
const POOL: JsonObject = {
  machine_spec: {
    machine_type: 'n1-standard-4',
    accelerator_type: 'ACCELERATOR_TYPE_UNSPECIFIED',
    accelerator_count: 0,
  },
  replica_count: 1,
  container_spec: { image_uri: '${image_uri}' },
};
const GUIDE: JsonObject = {
  spec: { worker_pool_specs: [POOL], staging_bucket: 'gs://bucket/' },
  run: { restart_job_on_worker_restart: false },
};
const render = (
  config: JsonObject,
  changes: Partial<LaunchSpec> = {},
  context: Partial<RenderContext> = {},
) => {
  const { submission, problems } = renderVertex(testSpec({ resource: 'gcp-vertex', config, ...changes }), {
    image: IMAGE,
    ...context,
  });
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  return { document: submission.document as JsonObject, origins: submission.origins, problems, errors };
};

describe('CustomJob', () => {
  it('is the REST body of the example of the guide', () => {
    const { document, problems, origins } = render(GUIDE, { entrypoint: ['python'], args: ['train.py'] });
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      displayName: 'quiet-harbor-7',
      labels: { 'slipway-run-id': 'abc123def456', 'slipway-queue': 'gpu' },
      jobSpec: {
        workerPoolSpecs: [
          {
            machineSpec: {
              machineType: 'n1-standard-4',
              acceleratorType: 'ACCELERATOR_TYPE_UNSPECIFIED',
              acceleratorCount: 0,
            },
            replicaCount: 1,
            containerSpec: { imageUri: IMAGE, command: ['python'], args: ['train.py'] },
          },
        ],
        scheduling: { restartJobOnWorkerRestart: false },
        baseOutputDirectory: { outputUriPrefix: 'gs://bucket/abc123def456' },
      },
    });
    expect(JSON.stringify(document)).toContain('{"name":"SLIPWAY_RUN_ID","value":"abc123def456"}');
    expect(origins).toMatchObject({
      '/jobSpec/workerPoolSpecs/0/machineSpec/machineType': 'queue',
      '/jobSpec/workerPoolSpecs/0/containerSpec/imageUri': 'macro',
      '/jobSpec/workerPoolSpecs/0/containerSpec/args/0': 'launch',
    });
  });
  it('takes every setting of spec and run', () => {
    const { document, errors } = render({
      spec: {
        ...(GUIDE['spec'] as JsonObject),
        display_name: 'mine',
        labels: { my_label: 'x' },
        base_output_dir: 'gs://out',
        encryption_spec_key_name: 'key',
        project: 'p',
        location: 'l',
      },
      run: {
        timeout: 3600,
        service_account: 'a@b',
        network: 'n',
        enable_web_access: true,
        tensorboard: 't',
        sync: true,
      },
    });
    expect(errors).toEqual([]);
    expect(document).toMatchObject({
      displayName: 'mine',
      labels: { my_label: 'x' },
      encryptionSpec: { kmsKeyName: 'key' },
      jobSpec: {
        serviceAccount: 'a@b',
        network: 'n',
        enableWebAccess: true,
        tensorboard: 't',
        scheduling: { timeout: '3600s' },
        baseOutputDirectory: { outputUriPrefix: 'gs://out' },
      },
    });
  });
  it('fills the pools that run the image only', () => {
    const other = { container_spec: { image_uri: 'other:1' } };
    const { document } = render(
      {
        spec: {
          worker_pool_specs: [{ machine_spec: { machine_type: 'x' } }, other, {}],
          staging_bucket: 'bucket',
        },
      },
      { args: ['a'] },
      { secretNames: ['TOKEN'] },
    );
    const pools = (document['jobSpec'] as JsonObject)['workerPoolSpecs'] as JsonObject[];
    expect(pools[0]).toMatchObject({ containerSpec: { imageUri: IMAGE, args: ['a'] } });
    expect(JSON.stringify(pools[0])).toContain('{"name":"TOKEN","value":"<secret>"}');
    expect(pools[1]).toMatchObject({
      containerSpec: {
        imageUri: 'other:1',
        env: expect.arrayContaining([{ name: 'TOKEN', value: '<secret>' }]),
      },
    });
    expect(pools[1]!['containerSpec']).not.toHaveProperty('args');
    expect(pools[2]).toEqual({});
  });
  it('says what is missing, unknown or wrong', () => {
    expect(render({}).errors).toEqual(['spec.worker_pool_specs', 'spec.staging_bucket']);
    expect(render({ spec: { worker_pool_specs: [], staging_bucket: '<REQUIRED>' } }).errors).toEqual([
      'spec.staging_bucket',
      'spec.worker_pool_specs',
    ]);
    expect(render({ ...GUIDE, run: { servce_account: 'x', timeout: 'soon' }, more: 1 }).errors).toEqual([
      'run.servceAccount',
      'more',
      'run.timeout',
    ]);
  });
});
