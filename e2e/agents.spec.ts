import { COUNTER } from './pages/programs';
import { expect, test } from './pages/test';

test('an agent is added with the command of choice, and the page ticks at its first heartbeat', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await page.goto(`/${team}/agents`);
  await expect(page.getByText('No agent has connected yet')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Queues and their agents' })).toContainText(
    'never had an agent',
  );
  await page.getByRole('button', { name: 'Add agent' }).click();
  await page.getByRole('button', { name: 'Make token and command' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start the agent' });
  const command = dialog.getByRole('tabpanel').locator('pre');
  await expect(command).toContainText(`-q lab -e ${team}`);
  const token = /slw_agent_[\w-]+/.exec(await command.innerText())![0];
  await dialog.getByRole('tab', { name: 'Docker' }).click();
  await expect(command).toContainText('docker run -d');
  await expect(dialog.getByRole('tabpanel')).toContainText('Not good for local-process queues');
  await dialog.getByRole('tab', { name: 'systemd' }).click();
  await expect(command).toContainText('ExecStart=');
  await expect(command).toContainText(token);

  await expect(dialog).toContainText('Waiting for the first heartbeat…');
  await startAgent({ entity: team, queues: ['lab'], token, name: 'rack-1' });
  await expect(dialog).toContainText('rack-1 is connected and takes runs.');
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('table', { name: 'Agents' }).getByRole('row', { name: /rack-1/ });
  await expect(row).toContainText('Online');
  await expect(row).toContainText('0 / 1');
  await expect(row).toContainText('no runs yet');
  await expect(page.getByRole('region', { name: 'Queues and their agents' })).toContainText('1 of 1 free');
});

test('an agent is paused with a note and for a time, resumed, and shows what it ran', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const token = await api.agentToken(team, ['lab']);
  await startAgent({ entity: team, queues: ['lab', 'typo'], token, name: 'rack-1' });
  const { id, name } = await api.launch(team, 'lab', { entrypoint: COUNTER });
  await api.untilState(id, 'running');
  await page.goto(`/${team}/agents`);
  await expect(page.getByRole('row', { name: /rack-1/ })).toContainText('one does not exist');
  await page.keyboard.press('j');
  await expect(page.getByRole('row', { name: /rack-1/ })).toBeFocused();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'rack-1' });
  await expect(drawer).toContainText('The queue typo does not exist');
  await expect(drawer).toContainText('Running now (1)');
  await expect(drawer.getByRole('link', { name })).toBeVisible();
  await expect(drawer).toContainText('None yet.');

  await drawer.getByRole('button', { name: 'Pause…' }).click();
  const pause = page.getByRole('dialog', { name: 'Pause rack-1' });
  await pause.getByRole('textbox', { name: 'Why' }).fill('new driver');
  await pause.getByRole('combobox', { name: 'For' }).click();
  await page.getByRole('option', { name: '1 hour' }).click();
  await pause.getByRole('button', { name: 'Pause agent' }).click();
  await expect(drawer).toContainText('Paused by Ada');
  await expect(drawer).toContainText('new driver');
  await expect(drawer).toContainText(/It takes runs again in (59|60) min|It takes runs again in 1 h/);
  await api.call('POST', `/runs/${id}/stop`, {});
  await expect(drawer.getByRole('list', { name: 'Past runs' })).toContainText(name);
  await drawer.getByRole('button', { name: 'Resume' }).click();
  await expect(drawer.getByRole('button', { name: 'Pause…' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/agent=/);
});

test('an agent whose runs fail before they begin is sick, and is paused where that is wanted', async ({
  page,
  team,
  api,
  playwright,
  baseURL,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const agent = await playwright.request.newContext({
    baseURL: `${baseURL ?? ''}/api/agent/v1/`,
    extraHTTPHeaders: { authorization: `Bearer ${await api.agentToken(team)}` },
    storageState: { cookies: [], origins: [] },
  });
  const say = async <T>(path: string, data: object): Promise<T> => {
    const response = await agent.post(path, { data });
    expect(response.ok(), await response.text()).toBe(true);
    return (await response.json()) as T;
  };
  const { agentId } = await say<{ agentId: string }>('agents', {
    name: 'rack-9',
    hostname: 'rack-9.example.test',
    version: '0.0.1',
    queues: ['lab'],
    maxJobs: 1,
    config: {},
    instanceId: 'instance-rack-9',
  });
  const fail = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      await api.launch(team, 'lab', { entrypoint: ['true'] });
      const { runs } = await say<{ runs: { id: string; attempt: number }[] }>('lease', { agentId, max: 1 });
      const data = {
        phase: 'build',
        category: 'platform',
        message: 'no space left on device',
        exitCode: null,
      };
      await say(`runs/${runs[0]!.id}/events`, {
        attempt: runs[0]!.attempt,
        events: [
          { seq: 1, state: 'building' },
          { seq: 2, state: 'failed', data },
        ],
      });
    }
  };
  await fail(5);
  await page.goto(`/${team}/agents`);
  await expect(
    page.getByText('rack-9 is sick: 5 runs in a row failed before their program ran'),
  ).toBeVisible();
  await expect(page.getByText('no space left on device')).toBeVisible();
  const row = page.getByRole('row', { name: /rack-9/ });
  await expect(row).toContainText('5 of 5');
  await expect(row, 'an agent of another version is marked').toContainText('not the version of the server');
  const pauses = page.getByRole('switch', { name: /Pause sick agents/ });
  await pauses.click();
  await expect(pauses).toBeChecked();
  await expect
    .poll(async () => api.call('GET', `/entities/${team}/agent-settings`))
    .toEqual({ pauseSick: true });
  await fail(1);
  await expect(row).toContainText('Paused');
  await expect(row).toContainText('by Slipway');
  await expect(page.getByText(/rack-9 is sick/)).toHaveCount(0);
  await agent.dispose();
});

test('a run that no agent serves leads to where one is started', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'lab' });
  const { id } = await api.launch(team, 'lab', { entrypoint: ['true'] });
  await page.goto(`/runs/${id}`);
  const notice = page.getByRole('main').getByRole('status').filter({ hasText: 'never had an agent' });
  await notice.getByRole('link', { name: 'Start an agent' }).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/queues/lab/agents$`));
  await expect(page.getByRole('main')).toContainText('slipway launch-agent -q lab');
});
