import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateJobVersion } from '@/core/wire';
import { uploaded } from '../artifacts/testing/archive';
import { listRuns } from '../runs';
import { enqueue } from '../runs/testing/agent';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import { createJob, createJobVersion, getJob, listJobVersions, listJobs, resolveJob } from '.';
import { parseJobRef } from './resolve-job';

let s: TestServices;
let user: SeededUser;
let team: SeededEntity;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
  team = await seedTeam(s, [{ user, role: 'member' }]);
});
afterAll(() => s.close());

const image = (tag: string, rest: Partial<CreateJobVersion> = {}): CreateJobVersion => ({
  source: { type: 'image', image: `registry.example.com/train:${tag}` },
  aliases: [],
  ...rest,
});
const make = (name: string, version = image('0')) =>
  createJob(s, user.actor, { entity: team.name, name, description: '', ...version });
const add = async (job: string, version: CreateJobVersion) =>
  (await createJobVersion(s, user.actor, { entity: team.name, job, ...version })).version;

describe('jobs', () => {
  it('number their versions from v0; an alias moves to the newest that claims it', async () => {
    const job = await make(
      'train',
      image('0', { aliases: ['prod', 'prod'], entrypoint: `python train.py --name 'a b'` }),
    );
    expect(job).toMatchObject({
      entity: team.name,
      versions: 1,
      latest: { version: 0, aliases: ['prod', 'latest'], author: user.name },
    });
    expect(job.latest.entrypoint).toEqual(['python', 'train.py', '--name', 'a b']);
    expect(await add('train', image('1'))).toMatchObject({ version: 1, aliases: ['latest'] });
    expect(await add('train', image('2', { aliases: ['prod'] }))).toMatchObject({
      version: 2,
      aliases: ['prod', 'latest'],
    });
    const { items } = await listJobVersions(s, user.actor, { entity: team.name, job: 'train' });
    expect(items.map(({ version, aliases }) => [version, aliases])).toEqual([
      [2, ['prod', 'latest']],
      [1, []],
      [0, []],
    ]);
    expect((await getJob(s, user.actor, { entity: team.name, job: 'train' })).versions).toBe(3);
  });

  it('made at the same time get one name once, and each version its own number', async () => {
    const made = await Promise.allSettled([make('race'), make('race'), make('race')]);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of made)
      if (each.status === 'rejected')
        expect(each.reason).toMatchObject({ kind: 'conflict', code: 'name-taken' });
    const versions = await Promise.all([1, 2, 3, 4].map((n) => add('race', image(String(n)))));
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4]);
  });

  it('get no new version for what the newest one is already, only its aliases', async () => {
    await make('same', image('0', { entrypoint: 'python a.py', inputSchema: { type: 'object' } }));
    const again = { entity: team.name, job: 'same', ...image('0', { inputSchema: { type: 'object' } }) };
    const same = await createJobVersion(s, user.actor, {
      ...again,
      entrypoint: ['python', 'a.py'],
      aliases: ['prod'],
    });
    expect(same).toMatchObject({ isNew: false, version: { version: 0, aliases: ['prod', 'latest'] } });
    const other = await createJobVersion(s, user.actor, { ...again, entrypoint: 'python b.py' });
    expect(other).toMatchObject({ isNew: true, version: { version: 1, aliases: ['latest'] } });
    // What an older version was is new again: it becomes the latest.
    expect(
      await add('same', image('0', { entrypoint: 'python a.py', inputSchema: { type: 'object' } })),
    ).toMatchObject({ version: 2 });
  });

  it('say where they ran last, by version, and how often', async () => {
    const queue = await seedQueue(s, team);
    await make('ran');
    await add('ran', image('1'));
    const first = await enqueue(s, user.actor, queue, { image: undefined, job: 'ran:v0' });
    const second = await enqueue(s, user.actor, queue, { image: undefined, job: 'ran' });
    const job = await getJob(s, user.actor, { entity: team.name, job: 'ran' });
    expect(job).toMatchObject({
      recentRuns: 2,
      lastRun: { id: second, queue: queue.name, state: 'pending' },
    });
    const { items } = await listJobVersions(s, user.actor, { entity: team.name, job: 'ran' });
    expect(items.map(({ lastRun }) => lastRun?.id)).toEqual([second, first]);
    const runs = async (of: string) =>
      (await listRuns(s, user.actor, { entity: team.name, limit: 10, order: 'newest', job: of })).items.map(
        ({ id }) => id,
      );
    expect([await runs('ran'), await runs('ran:v0'), await runs('ran:x'), await runs('none')]).toEqual([
      [second, first],
      [first],
      [],
      [],
    ]);
  });

  it('are listed by pages and found by a part of their name', async () => {
    for (const name of ['list-a', 'list-b', 'List-c']) await make(name);
    const first = await listJobs(s, user.actor, { entity: team.name, q: 'LIST', limit: 2 });
    const second = await listJobs(s, user.actor, {
      entity: team.name,
      q: 'LIST',
      limit: 2,
      cursor: first.nextCursor ?? '',
    });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['List-c', 'list-b', 'list-a']);
    expect(second.nextCursor).toBeNull();
    await expect(listJobs(s, user.actor, { entity: team.name, cursor: '../x' })).rejects.toMatchObject({
      kind: 'unreadable',
    });
  });

  it('keep git and code sources as they are', async () => {
    const git = {
      type: 'git',
      repository: 'https://git.example.com/a/b.git',
      ref: 'main',
      directory: 'src',
    } as const;
    await make('from-git', { source: git, aliases: [] });
    const code = { type: 'code', artifact: await uploaded(s, user.actor, team.name) } as const;
    await add('from-git', { source: code, aliases: [] });
    expect((await resolveJob(s, team.id, 'from-git:v0')).source).toEqual(git);
    expect((await resolveJob(s, team.id, 'from-git')).source).toEqual(code);
  });

  it('are refused with everything that is wrong with them', async () => {
    const bad = make('bad', {
      source: { type: 'image', image: 'not an image' },
      entrypoint: `python 'open`,
      aliases: ['latest', 'v7', 'fine'],
      inputSchema: { type: 'object', properties: { lr: { type: 'nonsense' } } },
    });
    const error = await bad.catch((refusal: unknown) => refusal as { errors: { path: string }[] });
    expect(error).toMatchObject({ kind: 'refused' });
    expect((error as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual([
      'source.image',
      'aliases.0',
      'aliases.1',
      'inputSchema',
      'entrypoint',
    ]);
    await expect(make('nul', image('1', { entrypoint: ['a\0b'] }))).rejects.toMatchObject({
      kind: 'refused',
    });
    await expect(add('not-there', image('1'))).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('references to jobs', () => {
  it('name the latest, a version or an alias', async () => {
    await make('ref', image('0', { aliases: ['old'] }));
    await add('ref', image('1', { aliases: ['new-1.2'] }));
    const version = async (ref: string) => (await resolveJob(s, team.id, ref)).version;
    expect(
      await Promise.all(
        ['ref', 'ref:latest', 'ref:v0', 'ref:v1', 'ref:old', 'ref:new-1.2', `${team.name}/ref:v0`].map(
          version,
        ),
      ),
    ).toEqual([1, 1, 0, 1, 0, 1, 0]);
    await expect(version('ref:v9')).rejects.toThrow(
      'The job "ref" is there, but its version v9 does not exist',
    );
    await expect(version('ref:none')).rejects.toThrow('its alias "none" does not exist');
    await expect(version('Ref')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('reach another entity only for those who can read it', async () => {
    const [outsider, theirs] = [await seedUser(s), await seedTeam(s)];
    await s.prisma.membership.create({ data: { entityId: theirs.id, userId: user.id, role: 'viewer' } });
    await make('shared');
    const ref = `${team.name}/shared`;
    expect(await resolveJob(s, theirs.id, ref, user.actor)).toMatchObject({
      job: { name: 'shared', entity: team.name },
    });
    await expect(resolveJob(s, theirs.id, ref, outsider.actor)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(resolveJob(s, theirs.id, ref)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each([
    '',
    ':',
    ':v1',
    'a:',
    'a:b:c',
    '../a',
    'a/b/c',
    '/a',
    'a/',
    '..',
    'a/..',
    'jöb',
    '💥',
    'a b',
    "a'--",
    'a\0',
    'a:v1/x',
  ])('that are none (%j) are refused', async (ref) => {
    expect(parseJobRef(ref)).toBeNull();
    await expect(resolveJob(s, team.id, ref)).rejects.toMatchObject({
      kind: 'refused',
      errors: [{ path: 'job' }],
    });
  });
});
