import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameSchema } from '@/core/wire';
import type { CreateQueueInput } from '@/core/wire';
import { createQueueSchema, updateQueueSchema } from '@/core/wire';
import type { BusMessage } from '../events/bus';
import { putSecret } from '../secrets';
import { enqueue, startAgent } from '../runs/testing/agent';
import { createTestServices, seedAgentToken, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import {
  createQueue,
  getQueue,
  getVersion,
  listQueues,
  listVersions,
  parseQueueConfig,
  pauseQueue,
  queueForLaunch,
  restoreVersion,
  resumeQueue,
  updateQueue,
} from '.';

let s: TestServices;
let admin: SeededUser;
let team: SeededEntity;
const heard: BusMessage[] = [];
beforeAll(async () => {
  s = await createTestServices();
  admin = await seedUser(s);
  team = await seedTeam(s, [{ user: admin, role: 'admin' }]);
  s.bus.subscribe((message) => heard.push(message));
});
afterAll(() => s.close());

const create = (input: Omit<CreateQueueInput, 'resource'> & Partial<CreateQueueInput>, entity = team.name) =>
  createQueue(s, admin.actor, {
    entity,
    ...createQueueSchema.parse({ resource: 'local-container', ...input }),
  });
const update = (queue: string, change: object) =>
  updateQueue(s, admin.actor, { entity: team.name, queue, ...updateQueueSchema.parse(change) });
const yaml = (source: string) => ({ format: 'yaml' as const, source });

describe('a queue', () => {
  it('comes back as it was made, with the text as it was typed', async () => {
    const source = '# the boss says so\nenv:\n  - SIZE={{size}}\nrm: true\n';
    const templates = { size: { type: 'integer' as const, min: 1, max: 8, default: 2 } };
    const made = await create({
      name: 'full',
      prioritized: true,
      config: yaml(source),
      templates,
      description: 'GPUs',
      maxInFlight: 3,
      note: 'first',
    });
    expect(made).toMatchObject({
      entity: team.name,
      name: 'full',
      resource: 'local-container',
      prioritized: true,
      description: 'GPUs',
      maxInFlight: 3,
      version: 1,
      paused: null,
      config: yaml(source),
      templates,
      createdBy: admin.name,
      counts: { waiting: 0, inFlight: 0 },
      oldestWaitingSince: null,
      servable: true,
      agents: { online: 0, paused: 0, busy: 0, slots: 0, everHad: false, lastSeenAt: null },
      failing: false,
      closedSecrets: [],
      secrets: [],
      overrideAllow: [],
    });
    expect(made.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await getQueue(s, admin.actor, { entity: team.name, queue: 'full' })).toEqual(made);
    expect(heard).toContainEqual({ type: 'queue', entity: team.name, queue: 'full', queueId: made.id });
  });

  it('is refused with everything that is wrong, and where', async () => {
    const config = yaml('env:\n  - A={{a}}\n  - B={{b}}\n');
    const wrong = create({ name: 'wrong', config, templates: { a: { type: 'integer', min: 5, max: 1 } } });
    await expect(wrong).rejects.toMatchObject({ kind: 'refused', status: 422 });
    const errors = await wrong.catch(
      (error: unknown) => (error as { errors: { path: string; message: string }[] }).errors,
    );
    expect(errors).toEqual(
      expect.arrayContaining([
        { path: 'templates.a', message: expect.stringMatching(/minimum 5 is greater/) as string },
        { path: 'templates.b', message: expect.stringMatching(/^line 3: .*no tile/) as string },
      ]),
    );
    await expect(create({ name: 'broken', config: yaml('env: [') })).rejects.toMatchObject({
      errors: [{ path: 'config.source', message: expect.stringMatching(/^line \d+: /) as string }],
    });
    await expect(create({ name: 'nul', description: 'a\0b' })).rejects.toMatchObject({
      errors: [{ path: 'description' }],
    });
    await expect(create({ name: 'allow', overrideAllow: ['a..b'] })).rejects.toMatchObject({
      errors: [{ path: 'overrideAllow.0' }],
    });
    expect(
      (await listQueues(s, admin.actor, { entity: team.name, limit: 200 })).items.map(({ name }) => name),
    ).not.toContain('broken');
  });

  it('is told of a variable that is used nowhere, but may be saved', async () => {
    const made = await create({ name: 'unused', templates: { old: { type: 'string' } } });
    expect(made.problems).toEqual([expect.objectContaining({ severity: 'warning', variable: 'old' })]);
  });

  it.each([
    '',
    '.',
    '..',
    'a/b',
    '../x',
    'a b',
    'naïve',
    '💥',
    'a\0',
    'x'.repeat(65),
    '%2e%2e',
    "'--",
    'a\n',
  ])('cannot be named %j', (name) => {
    expect(nameSchema.safeParse(name).success).toBe(false);
    expect(createQueueSchema.safeParse({ name, resource: 'kubernetes' }).success).toBe(false);
  });

  it('has a name of its own in its entity, in just this case, also when two are made at once', async () => {
    const made = await Promise.allSettled([
      create({ name: 'twice' }),
      create({ name: 'twice' }),
      create({ name: 'Twice' }),
    ]);
    const refused = made.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    expect(refused).toEqual([
      expect.objectContaining({
        code: 'name-taken',
        message: `${team.name} has a queue named twice already.`,
      }),
    ]);
    await create({ name: 'twice' }, admin.entity.name);
  });

  it('is not found by a path or another case', async () => {
    for (const queue of ['FULL', '../full', `${team.name}/full`, '', "' OR 1=1", '💥']) {
      await expect(getQueue(s, admin.actor, { entity: team.name, queue })).rejects.toMatchObject({
        kind: 'not-found',
      });
    }
  });

  it('is paused with a note and resumed, which wakes the agents', async () => {
    const { id } = await create({ name: 'pausing' });
    const at = { entity: team.name, queue: 'pausing' };
    const paused = await pauseQueue(s, admin.actor, { ...at, note: 'GPU driver update' });
    expect(paused.paused).toMatchObject({ by: admin.name, note: 'GPU driver update' });
    const again = await pauseQueue(s, admin.actor, { ...at, note: 'still' });
    expect(again.paused).toMatchObject({ note: 'still', at: paused.paused?.at });
    expect((await resumeQueue(s, admin.actor, at)).paused).toBeNull();
    expect(heard).toContainEqual(expect.objectContaining({ type: 'work', queueId: id }));
  });
});

describe('saving', () => {
  it('makes a version of a changed text or tile, and none of the rest', async () => {
    await create({ name: 'saved', config: yaml('rm: true\n') });
    expect(
      (
        await update('saved', {
          description: 'x',
          prioritized: true,
          config: yaml('rm: true\n'),
          templates: {},
        })
      ).version,
    ).toBe(1);
    expect(
      (await update('saved', { config: yaml('rm: false\n'), note: 'why', baseVersion: 1 })).version,
    ).toBe(2);
    expect(
      (
        await update('saved', {
          config: yaml('tag: "{{x}}"\n'),
          templates: { x: { type: 'string', description: 'd' } },
        })
      ).version,
    ).toBe(3);
    expect((await update('saved', { templates: { x: { description: 'd', type: 'string' } } })).version).toBe(
      3,
    );
    expect((await update('saved', { templates: { x: { type: 'string', description: 'e' } } })).version).toBe(
      4,
    );
    const { items } = await listVersions(s, admin.actor, { entity: team.name, queue: 'saved' });
    expect(items.map(({ version, note, author }) => [version, note, author])).toEqual([
      [4, '', admin.name],
      [3, '', admin.name],
      [2, 'why', admin.name],
      [1, '', admin.name],
    ]);
    expect(items[3]?.config.source).toBe('rm: true\n');
  });

  it('is refused when somebody else has saved meanwhile, and changes nothing then', async () => {
    await create({ name: 'conflict', config: yaml('rm: true\n') });
    const saves = await Promise.allSettled(
      ['cpus: 1\n', 'cpus: 2\n', 'cpus: 3\n'].map((source) =>
        update('conflict', { config: yaml(source), baseVersion: 1, description: source }),
      ),
    );
    expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const save of saves)
      if (save.status === 'rejected')
        expect(save.reason).toMatchObject({ status: 409, code: 'version-conflict' });
    const queue = await getQueue(s, admin.actor, { entity: team.name, queue: 'conflict' });
    expect(queue.version).toBe(2);
    expect(queue.description).toBe(queue.config.source);
    await expect(update('conflict', { config: yaml('rm: [') })).rejects.toMatchObject({ kind: 'refused' });
    expect((await getQueue(s, admin.actor, { entity: team.name, queue: 'conflict' })).version).toBe(2);
  });

  it('restores an old version as a new one', async () => {
    await create({
      name: 'restored',
      config: yaml('cpus: "{{n}}"\n'),
      templates: { n: { type: 'float', max: 4 } },
    });
    await update('restored', { config: yaml('cpus: 1\n'), templates: {} });
    const at = { entity: team.name, queue: 'restored' };
    const queue = await restoreVersion(s, admin.actor, { ...at, version: 1 });
    expect(queue).toMatchObject({
      version: 3,
      config: yaml('cpus: "{{n}}"\n'),
      templates: { n: { type: 'float', max: 4 } },
    });
    expect((await getVersion(s, admin.actor, { ...at, version: 3 })).note).toBe('Restored from version 1');
    expect((await restoreVersion(s, admin.actor, { ...at, version: 3 })).version).toBe(3);
    await expect(restoreVersion(s, admin.actor, { ...at, version: 9 })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(getVersion(s, admin.actor, { ...at, version: 0 })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('shows an old version that would be refused today, with its errors', async () => {
    const { id } = await create({ name: 'old' });
    await s.pool.query("UPDATE queue_config_versions SET source = 'env: [' WHERE queue_id = $1", [id]);
    const queue = await getQueue(s, admin.actor, { entity: team.name, queue: 'old' });
    expect(queue.config.source).toBe('env: [');
    expect(queue.problems).toContainEqual(expect.objectContaining({ severity: 'error' }));
  });

  it('counts at once for the next launch, on every server', async () => {
    const other = await s.another();
    await create({ name: 'hot', config: yaml('cpus: 1\n') });
    expect((await queueForLaunch(s, team.id, 'hot')).version).toBe(1);
    expect((await queueForLaunch(other, team.id, 'hot')).version).toBe(1);
    await update('hot', { config: yaml('cpus: 2\n'), startTimeoutSeconds: 60 });
    expect(await queueForLaunch(s, team.id, 'hot')).toMatchObject({
      version: 2,
      startTimeoutSeconds: 60,
      entity: team.name,
    });
    await expect
      .poll(async () => (await queueForLaunch(other, team.id, 'hot')).version, { timeout: 900 })
      .toBe(2);
    await expect(queueForLaunch(s, team.id, 'no-such')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('the list', () => {
  it('goes by name, in pages', async () => {
    const own = await seedTeam(s, [{ user: admin, role: 'admin' }]);
    for (const name of ['b', 'a', 'C']) await create({ name }, own.name);
    const first = await listQueues(s, admin.actor, { entity: own.name, limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(['C', 'a']);
    const second = await listQueues(s, admin.actor, {
      entity: own.name,
      limit: 2,
      cursor: first.nextCursor ?? '',
    });
    expect(second).toMatchObject({ items: [{ name: 'b' }], nextCursor: null });
    await expect(listQueues(s, admin.actor, { entity: own.name, cursor: '%%' })).rejects.toMatchObject({
      kind: 'unreadable',
    });
  });

  it('says what waits, what runs and who serves', async () => {
    const own = await seedTeam(s, [{ user: admin, role: 'admin' }]);
    const [one, two] = [
      await create({ name: 'one' }, own.name),
      await create({ name: 'two', resource: 'sagemaker', config: yaml(SAGEMAKER) }, own.name),
    ];
    await putSecret(s, admin.actor, { entity: own.name, queue: 'one', name: 'K', value: 'v' });
    const all = await seedAgentToken(s, own);
    const onlyTwo = await seedAgentToken(s, own, { queueIds: [two.id] });
    const agent = (name: string, tokenId: string, rest: object) =>
      s.prisma.agent.create({
        data: {
          entityId: own.id,
          tokenId,
          instanceId: `i-${name}`,
          name,
          hostname: 'h',
          version: '1',
          queueNames: ['one', 'two'],
          maxJobs: 2,
          config: {},
          ...rest,
        },
      });
    const busy = await agent('busy', all.id, { maxJobs: 4 });
    await agent('gone', all.id, { goneAt: new Date() });
    await agent('silent', all.id, { lastHeartbeatAt: new Date(Date.now() - 600_000) });
    await agent('scoped', onlyTwo.id, {});
    const run = (id: string, queueId: string, rest: object) =>
      s.prisma.run.create({
        data: { id, entityId: own.id, queueId, queueVersion: 1, name: id, author: 'x', ...rest },
      });
    await run('aaaaaaaaaaa1', one.id, { createdAt: new Date('2026-01-02T00:00:00Z'), priority: 0 });
    await run('aaaaaaaaaaa2', one.id, { createdAt: new Date('2026-01-01T00:00:00Z') });
    await run('aaaaaaaaaaa3', one.id, { state: 'running', agentId: busy.id });
    await run('aaaaaaaaaaa4', two.id, { state: 'leased', agentId: busy.id });
    await run('aaaaaaaaaaa5', one.id, { state: 'finished', agentId: busy.id });

    const { items } = await listQueues(s, admin.actor, { entity: own.name });
    expect(
      items.map(({ counts, agents, oldestWaitingSince, servable }) => ({
        counts,
        agents,
        oldestWaitingSince,
        servable,
      })),
    ).toEqual([
      {
        counts: { waiting: 2, inFlight: 1 },
        agents: expect.objectContaining({ online: 1, paused: 0, busy: 2, slots: 4, everHad: true }),
        oldestWaitingSince: '2026-01-01T00:00:00.000Z',
        servable: true,
      },
      {
        counts: { waiting: 0, inFlight: 1 },
        agents: expect.objectContaining({ online: 2, paused: 0, busy: 2, slots: 6, everHad: true }),
        oldestWaitingSince: null,
        servable: true,
      },
    ]);
    await agent('endless', all.id, { maxJobs: -1 });
    const queue = await getQueue(s, admin.actor, { entity: own.name, queue: 'one' });
    expect(queue).toMatchObject({ agents: { online: 2, slots: null }, secrets: ['K'] });
  });
});

const SAGEMAKER = `
RoleArn: arn:aws:iam::123456789012:role/train
ResourceConfig: { InstanceCount: 1, InstanceType: ml.m5.large, VolumeSizeInGB: 2 }
OutputDataConfig: { S3OutputPath: "s3://bucket/out" }
StoppingCondition: { MaxRuntimeInSeconds: 3600 }
`;

describe('parsing a configuration', () => {
  it('makes a tile for each placeholder and keeps the settings of those that are there', () => {
    const source = 'a: "{{x}}"\ncpus: {{y}}\n';
    const answer = parseQueueConfig({
      resource: 'local-container',
      ...yaml(source),
      templates: { x: { type: 'string', options: ['p'] }, gone: { type: 'float' } },
    });
    expect(answer.placeholders.map(({ name, line }) => [name, line])).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
    expect(answer.templates).toMatchObject({ x: { type: 'string', options: ['p'] }, y: {} });
    expect(Object.keys(answer.templates)).toEqual(['x', 'y']);
    expect(answer).not.toHaveProperty('tree');
  });
});

it('a new queue is served at once by an agent that has named it all along', async () => {
  const agent = await startAgent(s, team, ['later']);
  const waiting = agent.lease({ waitSeconds: 20 });
  const queue = await create({ name: 'later' });
  // Sent home early, it comes again and stands in the new line.
  expect(await waiting).toEqual([]);
  const again = agent.lease({ waitSeconds: 20 });
  const id = await enqueue(s, admin.actor, { ...queue, entity: team });
  expect(await again).toMatchObject([{ id }]);
});
