import type { Page } from '@playwright/test';
import { ConfigEditor } from './pages/config-editor';
import { expect, test } from './pages/test';

async function open(page: Page, team: string, resource: string): Promise<ConfigEditor> {
  await page.goto(`/${team}/queues/new`);
  await page.getByRole('radio', { name: new RegExp(`^${resource}`) }).click();
  const editor = new ConfigEditor(page);
  await editor.ready();
  return editor;
}

/** Puts in a text that ends with the beginning of a word, its last letter typed, and looks at what is offered. */
async function expectOffered(page: Page, editor: ConfigEditor, text: string, word: string): Promise<void> {
  await editor.paste(text.slice(0, -1));
  await page.keyboard.press('Escape');
  await page.keyboard.type(text.slice(-1));
  await expect(
    page.locator('.suggest-widget .monaco-list-row').filter({ hasText: word }).first(),
  ).toBeVisible();
  await page.keyboard.press('Escape');
}

/** A kind, and the beginning of a field that only it has. */
const KINDS: [string, string, string, string][] = [
  ['batch/v1', 'Job', 'backo', 'backoffLimit'],
  ['kubeflow.org/v1', 'PyTorchJob', 'pyt', 'pytorchReplicaSpecs'],
  ['kubeflow.org/v1', 'TFJob', 'tf', 'tfReplicaSpecs'],
  ['kubeflow.org/v1', 'XGBoostJob', 'xgb', 'xgbReplicaSpecs'],
  ['kubeflow.org/v2beta1', 'MPIJob', 'slots', 'slotsPerWorker'],
  ['trainer.kubeflow.org/v1alpha1', 'TrainJob', 'runt', 'runtimeRef'],
  ['batch.volcano.sh/v1alpha1', 'Job', 'minA', 'minAvailable'],
  ['jobset.x-k8s.io/v1alpha2', 'JobSet', 'repl', 'replicatedJobs'],
  ['ray.io/v1', 'RayJob', 'rayC', 'rayClusterSpec'],
  ['argoproj.io/v1alpha1', 'Workflow', 'podM', 'podMetadata'],
];

test('fields of Jobs and of each known custom resource are offered while one types, and explained', async ({
  page,
  team,
}) => {
  test.setTimeout(120_000);
  const editor = await open(page, team, 'Kubernetes');
  await editor.expectText(
    'spec:\n  template:\n    spec:\n      containers:\n        - env:\n            - name: MY_ENV_VAR\n              value: some-value\n          resources:\n            requests:\n              cpu: 1000m\n              memory: 1Gi\nmetadata:\n  labels:\n    queue: k8s-test\nnamespace: wandb',
  );
  for (const [apiVersion, kind, begun, field] of KINDS)
    await test.step(`${kind} of ${apiVersion}`, () =>
      expectOffered(page, editor, `apiVersion: ${apiVersion}\nkind: ${kind}\nspec:\n  ${begun}`, field));
  await expectOffered(page, editor, 'kind: Tra', 'TrainJob');
  await test.step('the explanation of what is offered stands beside it, however far the page is scrolled', async () => {
    await editor.paste('spec:\n  back');
    await page.keyboard.press('Escape');
    await page.keyboard.type('o');
    const list = page.locator('.suggest-widget');
    await expect(list).toContainText('backoffLimit');
    await page.keyboard.press('Control+Space');
    const explanation = page.locator('.suggest-details-container');
    await expect(explanation).toContainText('number of retries before marking this job failed');
    expect((await explanation.boundingBox())!.y).toBeCloseTo((await list.boundingBox())!.y, -1);
    await page.keyboard.press('Escape');
  });
  await test.step('a container within a custom resource', () =>
    expectOffered(
      page,
      editor,
      'apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nspec:\n  pytorchReplicaSpecs:\n    Worker:\n      template:\n        spec:\n          containers:\n            - imageP',
      'imagePullPolicy',
    ));
  await editor.paste('spec:\n  backoffLimit: 0');
  await expectExplained(page, 'number of retries before marking this job failed');
});

async function expectExplained(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Home');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.press('ControlOrMeta+i');
  await expect(page.locator('.monaco-hover').filter({ hasText: words })).toBeVisible();
  await page.keyboard.press('Escape');
}

test('fields of training jobs and custom jobs are offered and explained', async ({ page, team }) => {
  const sagemaker = await open(page, team, 'SageMaker');
  await sagemaker.expectText(
    'RoleArn: <REQUIRED>\nResourceConfig:\n  InstanceType: ml.m4.xlarge\n  InstanceCount: 1\n  VolumeSizeInGB: 2\nOutputDataConfig:\n  S3OutputPath: <REQUIRED>\nStoppingCondition:\n  MaxRuntimeInSeconds: 3600',
  );
  await expectOffered(page, sagemaker, 'ResourceConfig:\n  KeepA', 'KeepAlivePeriodInSeconds');
  await expectOffered(page, sagemaker, 'EnableMan', 'EnableManagedSpotTraining');
  await sagemaker.paste('StoppingCondition:\n  MaxWaitTimeInSeconds: 60');
  await expectExplained(page, 'spot');

  const vertex = await open(page, team, 'GCP Vertex');
  await expect(vertex.root).toContainText('worker_pool_specs');
  await expectOffered(
    page,
    vertex,
    'spec:\n  worker_pool_specs:\n    - machine_spec:\n        accelerator_t',
    'accelerator_type',
  );
  await expectOffered(page, vertex, 'run:\n  restart', 'restart_job_on_worker_restart');
  await vertex.paste('spec:\n  staging_bucket: gs://b');
  await expectExplained(page, 'bucket');
});

test('what a platform would refuse is marked at its line while one types', async ({ page, team, api }) => {
  const editor = await open(page, team, 'Kubernetes');
  await editor.paste(
    'spec:\n  parallelism: many\n  template:\n    spec:\n      initContainer: []\n      containers:\n        - env:\n            - {name: LR, value: "{{lr}}"}',
  );
  await expect(editor.problems).toContainText('"spec.parallelism" must be a whole number, not "many".');
  await expect(editor.problems).toContainText('did you mean "initContainers"?');
  // In the gutter's place too: an underline for the error, another for the warning.
  await expect(editor.root.locator('.squiggly-error')).toHaveCount(1);
  await expect(editor.root.locator('.squiggly-warning')).toHaveCount(1);
  await editor.problems.getByRole('button', { name: /spec\.parallelism/ }).click();
  await page.keyboard.press('End');
  for (let at = 0; at < 'many'.length; at += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('2');
  await expect(editor.problems).not.toContainText('spec.parallelism');

  // A number is fine where Kubernetes has a text: it is sent as one.
  await editor.tile('lr').setType('Float');
  await editor.tile('lr').field('Default').fill('0.1');
  await page.getByRole('textbox', { name: 'Queue name' }).fill('grid');
  await page.getByRole('button', { name: 'Create queue', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/queues/grid/agents$`));
  const preview = await api.call<{
    submission: { document: { spec: { template: { spec: { containers: { env: object[] }[] } } } } };
  }>('POST', `/entities/${team}/queues/grid/preview`, {
    image: 'registry.example.com/train:1',
    templateValues: { lr: 0.01 },
  });
  expect(preview.submission.document.spec.template.spec.containers[0]?.env).toContainEqual({
    name: 'LR',
    value: '0.01',
  });
});
