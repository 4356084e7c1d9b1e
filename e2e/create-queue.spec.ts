import type { Page } from '@playwright/test';
import type { Queue } from '@/core/wire';
import { ConfigEditor } from './pages/config-editor';
import { expect, test } from './pages/test';

const sageMaker = (instance: string) => `RoleArn: arn:aws:iam:region:account-id:resource-type/resource-id
ResourceConfig:
  InstanceType: ${instance}
  InstanceCount: 1
  VolumeSizeInGB: 2
OutputDataConfig:
  S3OutputPath: s3://bucketname
StoppingCondition:
  MaxRuntimeInSeconds: 3600`;

const nameField = (page: Page) => page.getByRole('textbox', { name: 'Queue name' });
const createButton = (page: Page) => page.getByRole('button', { name: 'Create queue', exact: true });
async function open(page: Page, team: string, resource: string): Promise<ConfigEditor> {
  await page.goto(`/${team}/queues/new`);
  await page.getByRole('radio', { name: new RegExp(`^${resource}`) }).click();
  const editor = new ConfigEditor(page);
  await editor.ready();
  return editor;
}

test('a queue is made as the guide tells it: button, fields, configuration, parse, tile, options, save', async ({
  page,
  team,
  api,
}) => {
  await page.goto(`/${team}`);
  const button = page.getByRole('main').getByRole('link', { name: 'Create queue' }).first();
  const box = (await button.boundingBox())!;
  expect(box.x, 'the button is at the right').toBeGreaterThan(1440 * 0.8);
  expect(box.y, 'the button is at the top').toBeLessThan(150);
  await button.click();
  await expect(page).toHaveURL(new RegExp(`/${team}/queues/new$`));
  await expect(page.getByRole('combobox', { name: 'Entity' })).toHaveText(team);
  await nameField(page).fill('aws-training');
  await page.getByRole('radio', { name: /^SageMaker/ }).click();
  await page.getByRole('switch', { name: 'Allow prioritization' }).click();

  const editor = new ConfigEditor(page);
  await editor.type(sageMaker('"{{aws_instance}}"'));
  await editor.parse();
  const tile = editor.tile('aws_instance');
  await expect(tile.root).toContainText('line 3');
  await tile.setType('String');
  await tile.field('Description').fill('Size of the machine');
  await tile.addOptions('ml.m4.xlarge', 'ml.p3.xlarge');
  await tile.field('Default').fill('ml.c5.huge');
  await expect(tile.root.getByRole('alert')).toContainText('ml.m4.xlarge');
  await tile.field('Default').fill('ml.m4.xlarge');
  await expect(tile.root.getByRole('alert')).toBeHidden();
  await expect(page.getByTestId('preview')).toContainText('"InstanceType": "ml.m4.xlarge"');

  await createButton(page).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/queues/aws-training/agents$`));
  await expect(page.getByRole('heading', { name: 'aws-training', level: 1 })).toBeVisible();

  const queue = await api.call<Queue>('GET', `/entities/${team}/queues/aws-training`);
  expect(queue).toMatchObject({
    resource: 'sagemaker',
    prioritized: true,
    config: { format: 'yaml' },
    templates: {
      aws_instance: {
        type: 'string',
        description: 'Size of the machine',
        default: 'ml.m4.xlarge',
        options: ['ml.m4.xlarge', 'ml.p3.xlarge'],
      },
    },
  });
  expect(queue.config.source.trim()).toBe(sageMaker('"{{aws_instance}}"'));
});

for (const spelling of ['"<<aws_instance>>"', '{{aws_instance}}', '<<aws_instance>>']) {
  test(`${spelling} makes the same tile`, async ({ page, team, api }) => {
    const editor = await open(page, team, 'SageMaker');
    await editor.paste(sageMaker(''));
    await editor.typeAtEnd(3, spelling);
    await editor.expectText(sageMaker(spelling));
    await editor.parse();
    const tile = editor.tile('aws_instance');
    await expect(tile.root).toContainText('line 3');
    await tile.addOptions('ml.m4.xlarge', 'ml.p3.xlarge');
    await nameField(page).fill('spelt');
    await createButton(page).click();
    await expect(page.getByRole('heading', { name: 'spelt', level: 1 })).toBeVisible();
    const launch = (aws_instance: string) =>
      api.send('POST', `/entities/${team}/queues/spelt/preview`, {
        image: 'repo/image:1',
        templateValues: { aws_instance },
      });
    const good = await launch('ml.p3.xlarge');
    expect(await good.json()).toMatchObject({
      submission: { document: { ResourceConfig: { InstanceType: 'ml.p3.xlarge' } } },
    });
  });
}

test('errors in tiles are said while they are made, and keep the queue from being saved', async ({
  page,
  team,
}) => {
  const editor = await open(page, team, 'Local process');
  await editor.type('env:\n  STEPS: "{{steps}}"');
  await editor.parse();
  const tile = editor.tile('steps');
  await tile.setType('Integer');
  await tile.field('Minimum').fill('10');
  await tile.field('Maximum').fill('2');
  await expect(tile.root.getByRole('alert')).toContainText(/min/i);
  await tile.field('Default').fill('many');
  await expect(tile.field('Default')).toHaveAccessibleDescription('"many" is not a number.');
  await nameField(page).fill('never');
  await createButton(page).click();
  await expect(page.getByText('The configuration has errors')).toBeVisible();
  await expect(page).toHaveURL(/\/queues\/new$/);

  await tile.field('Maximum').fill('20');
  await tile.field('Default').fill('30');
  await expect(tile.root.getByRole('alert')).toContainText('from 10 to 20');
  await tile.field('Default').fill('15');
  await expect(tile.root.getByRole('alert')).toBeHidden();
  await createButton(page).click();
  await expect(page).toHaveURL(/\/queues\/never\/agents$/);
});

test('broken text says the line, and the entry in the list leads there', async ({ page, team }) => {
  const editor = await open(page, team, 'Local process');
  await editor.type('env:\n  A: one\n  B: two: three');
  await expect(editor.problems).toContainText('line 3');
  await expect(editor.root.locator('.config-glyph-error').first()).toBeVisible();
  await editor.problems.getByRole('button').first().click();
  await expect(editor.root.locator('.monaco-editor.focused')).toBeVisible();
  await nameField(page).fill('broken');
  await createButton(page).click();
  await expect(page.getByText('The configuration has errors')).toBeVisible();
  await expect(page.getByText('The configuration cannot be read yet')).toBeVisible();

  await editor.type('env:\n  A: one');
  await expect(editor.problems).toContainText('No problems found.');
});

test('a name that is taken, or no name, is said at its field', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'taken' });
  await open(page, team, 'Local process');
  await createButton(page).click();
  await expect(nameField(page)).toHaveAccessibleDescription('A name is needed.');
  await expect(nameField(page)).toBeFocused();
  await nameField(page).fill('a/b');
  await expect(nameField(page)).toHaveAccessibleDescription(/letters, digits/);
  await nameField(page).fill('taken');
  await createButton(page).click();
  await expect(nameField(page)).toHaveAccessibleDescription(`${team} has a queue named taken already.`);
  await nameField(page).fill('free');
  await createButton(page).click();
  await expect(page).toHaveURL(/\/queues\/free\/agents$/);
});

test('the switch between YAML and JSON keeps text, comments and variables', async ({ page, team }) => {
  const yaml = '# for the lab\nenv:\n  SIZE: "{{size}}" # of the batch';
  const editor = await open(page, team, 'Local process');
  await editor.type(yaml);
  await editor.parse();
  await editor.tile('size').setType('Integer');
  await editor.format('JSON').click();
  await expect(editor.format('JSON')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => editor.text()).toContain('"SIZE": "{{size}}"');
  await expect(editor.problems).toContainText('No problems found.');
  await expect(editor.tile('size').field('Type')).toHaveText('Integer');
  await editor.format('YAML').click();
  await editor.expectText(yaml);
  await editor.type('env: a: b');
  await editor.format('JSON').click();
  await expect(page.getByText('The format stays as it is')).toBeVisible();
  await editor.expectText('env: a: b');
});

test('what was typed survives a reload, until it is saved', async ({ page, team }) => {
  const editor = await open(page, team, 'Local process');
  await nameField(page).fill('half-done');
  await editor.type('env:\n  SIZE: "{{size}}"');
  await editor.parse();
  await editor.tile('size').addOptions('small', 'large');
  await expect
    .poll(() =>
      page.evaluate(() => Object.values(localStorage).some((text: string) => text.includes('large'))),
    )
    .toBe(true);
  await page.reload();
  await expect(page.getByText('What you had typed before is back.')).toBeVisible();
  await expect(nameField(page)).toHaveValue('half-done');
  await editor.expectText('env:\n  SIZE: "{{size}}"');
  await expect(editor.tile('size').root).toContainText('large');
  await createButton(page).click();
  await expect(page).toHaveURL(/\/queues\/half-done\/agents$/);
  await page.goto(`/${team}/queues/new`);
  await expect(nameField(page)).toHaveValue('');
});

test('another resource brings its example, unless there is a text of one’s own', async ({ page, team }) => {
  const editor = await open(page, team, 'Docker');
  await expect.poll(() => editor.text()).toContain('MY_EXISTING_ENV_VAR');
  await page.getByRole('radio', { name: /^Kubernetes/ }).click();
  await expect.poll(() => editor.text()).toContain('queue: k8s-test');
  await editor.type('metadata:\n  name: mine');
  await page.getByRole('radio', { name: /^Docker/ }).click();
  await editor.expectText('metadata:\n  name: mine');
});

test('a variable that is taken out of the text stays, greyed, and is saved if one keeps it', async ({
  page,
  team,
  api,
}) => {
  const editor = await open(page, team, 'Local process');
  await editor.type('env:\n  SIZE: "{{size}}"\n  STEPS: "{{steps}}"');
  await editor.tile('size').field('Description').fill('of the model');
  await editor.tile('steps').field('Description').fill('of the training');
  await editor.type('env:\n  A: "1"');
  for (const name of ['size', 'steps'])
    await expect(editor.tile(name).root).toContainText('Not in the text; dropped on save');
  await expect(editor.tile('size').field('Description')).toBeDisabled();
  await page.getByRole('button', { name: 'Keep size' }).click();
  await expect(editor.tile('size').root).toContainText('Not in the text; kept');
  await expect(editor.problems).toContainText('"size" is used nowhere');
  await nameField(page).fill('kept');
  await createButton(page).click();
  await expect(page).toHaveURL(/\/queues\/kept\/agents$/);
  const { templates } = await api.call<Queue>('GET', `/entities/${team}/queues/kept`);
  expect(templates).toEqual({ size: { type: 'string', description: 'of the model' } });
  await page.goto(`/${team}/queues/kept/config`);
  await expect(editor.tile('size').root).toContainText('Not in the text; kept');
});
