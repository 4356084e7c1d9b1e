import { expect, test } from './pages/test';

test('a queue paused with a note says so wherever its runs wait', async ({ page, team, api, startAgent }) => {
  await api.createQueue(team, { name: 'lab' });
  await startAgent({ entity: team, queues: ['lab'], token: await api.agentToken(team, ['lab']) });
  await page.goto(`/${team}/queues/lab`);
  await page.getByRole('main').getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause lab' });
  await dialog.getByRole('textbox', { name: /^Why/ }).fill('GPU driver update until 15:00');
  await dialog.getByRole('button', { name: 'Pause queue' }).click();
  await expect(dialog).toBeHidden();
  const main = page.getByRole('main');
  await expect(main.getByText('Paused', { exact: true }).first()).toBeVisible();
  await expect(page.getByTestId('queue-sentence')).toContainText('GPU driver update until 15:00');

  const { id } = await api.launch(team, 'lab', { entrypoint: ['true'] });
  await page.goto(`/runs/${id}`);
  await expect(page.getByText(/^Paused by .*: GPU driver update until 15:00$/)).toBeVisible();
  await page.goto(`/${team}`);
  await expect(page.getByRole('table', { name: 'Queues' }).getByRole('row', { name: /lab/ })).toContainText(
    'GPU driver update',
  );

  await test.step('resumed from the list, the run goes on', async () => {
    await page.getByRole('button', { name: 'Actions for lab' }).click();
    await page.getByRole('menuitem', { name: 'Resume' }).click();
    await expect(
      page.getByRole('table', { name: 'Queues' }).getByText('Active', { exact: true }),
    ).toBeVisible();
    await api.untilState(id, 'finished');
  });
});
