import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStart } from '../support/process-identity';
import { instanceId, stateDirectoryPath } from './directory';
import { openJournal } from './journal';
import { lockDirectory, StateDirectoryInUse } from './lock';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-state-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('lock of the state directory', () => {
  it('refuses a second agent and names the process', async () => {
    const release = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(StateDirectoryInUse);
    await expect(lockDirectory(directory)).rejects.toThrow(String(process.pid));
    await release();
    await (
      await lockDirectory(directory)
    )();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over from a process that is gone', async () => {
    await writeFile(
      join(directory, 'agent.lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', nonce: 'n' }),
    );
    await (
      await lockDirectory(directory)
    )();
  });

  it('is taken over when the process number belongs to another process now', async () => {
    await writeFile(
      join(directory, 'agent.lock'),
      JSON.stringify({ pid: process.pid, started: 'an older start', nonce: 'n' }),
    );
    await (
      await lockDirectory(directory)
    )();
  });

  it('goes to exactly one of many that find a dead lock at once', async () => {
    await writeFile(join(directory, 'agent.lock'), 'damaged');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('what an agent keeps', () => {
  it('the instance id over restarts', async () => {
    expect(await instanceId(directory)).toBe(await instanceId(directory));
  });

  it('runs in hand over restarts', async () => {
    const first = await openJournal(directory);
    const entry = {
      id: 'run00001',
      attempt: 2,
      resource: 'local-process' as const,
      externalRef: 'x',
      removeAtEnd: false,
    };
    await Promise.all([first.put(entry), first.put({ ...entry, id: 'run00002' }), first.remove('run00002')]);
    expect([...(await openJournal(directory)).entries.values()]).toEqual([entry]);
  });

  it('is in one directory for each server, entity and name', () => {
    const input = { explicit: undefined, baseUrl: 'http://a', entity: 'e', name: 'n' };
    expect(stateDirectoryPath(input)).toBe(stateDirectoryPath({ ...input }));
    expect(stateDirectoryPath(input)).not.toBe(stateDirectoryPath({ ...input, name: 'm' }));
    expect(stateDirectoryPath({ ...input, explicit: '/x' })).toBe('/x');
  });
});

it('tells the start of a process, and that there is none', async () => {
  expect(await processStart(process.pid)).toBe(await processStart(process.pid));
  expect(await processStart(process.pid)).not.toBe(await processStart(process.ppid));
  expect(await processStart(2 ** 22 + 1)).toBeNull();
});
