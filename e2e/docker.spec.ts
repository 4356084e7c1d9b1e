import { choose, ConfigEditor } from './pages/config-editor';
import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';
import { buildBusyboxImage, BUSYBOX_IMAGE, docker, hasDocker } from './support/docker-image';

const GUIDE = `{
  "env": ["MY_ENV_VAR=value", "MY_EXISTING_ENV_VAR"],
  "volume": "/mnt/datasets:/mnt/datasets",
  "rm": true,
  "gpus": "all"
}`;

test('the guide’s example is what “docker run” gets, in its order', async ({ page, team }) => {
  await page.goto(`/${team}/queues/new`);
  await page.getByRole('radio', { name: /^Docker/ }).click();
  const editor = new ConfigEditor(page);
  await editor.ready();
  await editor.format('JSON').click();
  await editor.paste(GUIDE);
  await page.getByRole('textbox', { name: 'Queue name' }).fill('docker');
  await page.getByRole('button', { name: 'Create queue', exact: true }).click();
  await expect(page).toHaveURL(/\/queues\/docker\/agents$/);

  await page.getByRole('main').getByRole('link', { name: 'Launch', exact: true }).click();
  const drawer = new LaunchDrawer(page);
  await drawer.text('Image').fill('registry.example/train:1');
  await expect(drawer.submission).toContainText('registry.example/train:1');
  const command = (await drawer.submission.textContent())!.replace(/\\\n\s*/g, '').replace(/\s+/g, ' ');
  expect(command).toMatch(/^docker run /);
  expect(command).toMatch(
    /--env MY_ENV_VAR=value --env MY_EXISTING_ENV_VAR --volume \/mnt\/datasets:\/mnt\/datasets --rm --gpus all .*registry\.example\/train:1$/,
  );
  await expect(drawer.preview.getByRole('list', { name: 'Origins' })).toContainText('Filled in by Slipway');
});

test.describe('on a real engine', () => {
  test.skip(!hasDocker(), 'needs a Docker engine');
  test.beforeAll(() => buildBusyboxImage());

  const QUEUE = {
    name: 'docker',
    resource: 'local-container',
    config: { format: 'yaml' as const, source: 'env:\n  - GREETING={{greeting}}\nnetwork: none\nrm: true\n' },
    templates: { greeting: { type: 'string', options: ['Ahoy', 'Moin'], default: 'Ahoy' } },
  };

  test('a container runs with the value chosen, and its log and exit code are there', async ({
    page,
    team,
    api,
    startAgent,
  }) => {
    await api.createQueue(team, QUEUE);
    await startAgent({ entity: team, queues: ['docker'], token: await api.agentToken(team, ['docker']) });
    await page.goto(`/${team}/queues/docker`);
    await page.getByRole('main').getByRole('link', { name: 'Launch', exact: true }).click();
    const drawer = new LaunchDrawer(page);
    await drawer.text('Image').fill(BUSYBOX_IMAGE);
    await drawer
      .text('Entrypoint')
      .fill(
        `sh -c 'i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo "$GREETING $i"; sleep 0.1; done; echo to stderr >&2'`,
      );
    await choose(page, drawer.choice('greeting'), 'Moin');
    await expect(drawer.submission).toContainText('GREETING=Moin');
    await drawer.submit.click();
    await expect(page).toHaveURL(/\/runs\//);
    const log = page.getByRole('log');
    await expect(log).toContainText('Moin 1');
    await expect(page.getByRole('main').getByText('Finished', { exact: true }).first()).toBeVisible();
    await expect(log).toContainText('Moin 20');
    await expect(log).toContainText('to stderr');
    await expect(page.getByText('exit code 0')).toBeVisible();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    await expect.poll(() => docker('ps', '-aq', '--filter', `name=slipway-${id}`)).toBe('');
  });

  test('a container that fails says with which code, where and what it wrote last', async ({
    page,
    team,
    api,
    startAgent,
  }) => {
    await api.createQueue(team, QUEUE);
    await startAgent({ entity: team, queues: ['docker'], token: await api.agentToken(team, ['docker']) });
    const { id } = await api.launch(team, 'docker', {
      image: BUSYBOX_IMAGE,
      entrypoint: ['sh', '-c', 'echo loading; echo cannot find the data >&2; exit 3'],
    });
    await page.goto(`/runs/${id}`);
    const failure = page.getByRole('region', { name: 'Failure' });
    await expect(failure).toContainText('Exit code3');
    await expect(failure).toContainText('user-error');
    await expect(failure).toContainText('cannot find the data');
    await expect(failure).toContainText('What to do:');
    await expect(page.getByRole('main').getByText('Failed', { exact: true }).first()).toBeVisible();
  });

  test('an image that is not there is said to be the reason', async ({ page, team, api, startAgent }) => {
    await api.createQueue(team, QUEUE);
    await startAgent({ entity: team, queues: ['docker'], token: await api.agentToken(team, ['docker']) });
    const { id } = await api.launch(team, 'docker', { image: 'slipway-test-no-such-image:0' });
    await page.goto(`/runs/${id}`);
    const failure = page.getByRole('region', { name: 'Failure' });
    await expect(failure).toContainText('image-pull', { timeout: 45_000 });
    await expect(failure).toContainText('slipway-test-no-such-image:0');
  });
});
