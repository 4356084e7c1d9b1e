import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentUsageError, loadSettings, type AgentFlags } from './index';

let home: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-config-'));
  env = {
    NODE_ENV: 'test',
    XDG_CONFIG_HOME: home,
    SLIPWAY_BASE_URL: 'http://slipway.test/',
    SLIPWAY_AGENT_TOKEN: 'slw_agent_x',
  };
});
afterEach(() => rm(home, { recursive: true, force: true }));

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), text);
};
const load = (flags: AgentFlags = {}, engine = false) =>
  loadSettings(flags, { env, engineAnswers: () => Promise.resolve(engine) });

describe('settings of an agent', () => {
  it('come from the first file there is, and flags win', async () => {
    await put('wandb/launch-config.yaml', 'queues: [from-wandb]\nmax_jobs: 3\nentity: team\n');
    expect(await load()).toMatchObject({
      queues: ['from-wandb'],
      maxJobs: 3,
      entity: 'team',
      stopGraceSeconds: 60,
    });
    await put('slipway/launch-config.yaml', 'queues: [from-slipway]\n');
    expect(await load()).toMatchObject({ queues: ['from-slipway'], maxJobs: 1 });
    await put('named.yaml', 'queues: [named]\nmax_jobs: 7\n');
    env['SLIPWAY_LAUNCH_CONFIG'] = join(home, 'named.yaml');
    expect(await load({ maxJobs: -1 })).toMatchObject({ queues: ['named'], maxJobs: -1 });
    expect(await load({ queues: ['a', 'b', 'a'] })).toMatchObject({ queues: ['a', 'b'], maxJobs: 7 });
  });

  it('name file, line and nearest key of what is wrong', async () => {
    await put('slipway/launch-config.yaml', 'queues: [q]\nmax_job: 2\n');
    await expect(load()).rejects.toThrow(/launch-config\.yaml:2: .*max_jobs/);
    await expect(load({ configFile: join(home, 'none.yaml') })).rejects.toThrow('does not exist');
  });

  it('refuse to start without queue, server or token', async () => {
    await expect(load()).rejects.toThrow(/No queue to serve: name one with -q/);
    await expect(load({ queues: ['../x'] })).rejects.toThrow(AgentUsageError);
    await expect(load({ queues: ['q'], maxJobs: 0 })).rejects.toThrow('--max-jobs');
    delete env['SLIPWAY_AGENT_TOKEN'];
    await expect(load({ queues: ['q'] })).rejects.toThrow('SLIPWAY_AGENT_TOKEN');
    delete env['SLIPWAY_BASE_URL'];
    await expect(load({ queues: ['q'] })).rejects.toThrow('SLIPWAY_BASE_URL');
  });

  it('take server and key of slipway login where the environment says nothing', async () => {
    const stored = {
      current: 'http://stored.test',
      hosts: { 'http://stored.test': { apiKey: 'slw_key_1' } },
    };
    await put('slipway/credentials.json', JSON.stringify(stored));
    env = { NODE_ENV: 'test', XDG_CONFIG_HOME: home };
    expect((await load({ queues: ['q'] })).credentials).toEqual({
      baseUrl: 'http://stored.test',
      token: 'slw_key_1',
    });
  });

  it('choose the builder by whether an engine answers, and show no secrets', async () => {
    expect((await load({ queues: ['q'] }, true)).builderType).toBe('docker');
    expect((await load({ queues: ['q'] }, false)).builderType).toBe('noop');
    await put(
      'slipway/launch-config.yaml',
      'queues: [q]\nmacro_env: [DATA_ROOT, UNSET]\nbuilder:\n  type: noop\n',
    );
    env['DATA_ROOT'] = '/data';
    const settings = await load({}, true);
    expect(settings).toMatchObject({ builderType: 'noop', macroEnv: { DATA_ROOT: '/data' } });
    expect(JSON.stringify(settings.shownConfig)).not.toMatch(/slw_agent|\/data/);
  });
});
