import { afterEach, describe, expect, it, vi } from 'vitest';
import { cliEnvironment } from './create';

afterEach(() => vi.unstubAllEnvs());

describe('the environment of the docker command', () => {
  it('holds what docker needs and what was asked for by name, never the token of the agent', () => {
    vi.stubEnv('WANTED', 'yes');
    vi.stubEnv('PRIVATE', 'no');
    vi.stubEnv('DOCKER_HOST', 'unix:///x.sock');
    vi.stubEnv('SLIPWAY_AGENT_TOKEN', 'slw_agent_x');
    const env = cliEnvironment(['WANTED', 'SLIPWAY_AGENT_TOKEN', 'KEY'], { KEY: 'value' });
    expect(env).toMatchObject({
      WANTED: 'yes',
      DOCKER_HOST: 'unix:///x.sock',
      KEY: 'value',
      PATH: process.env['PATH'],
    });
    expect(env).not.toHaveProperty('PRIVATE');
    expect(env).not.toHaveProperty('SLIPWAY_AGENT_TOKEN');
  });

  it('is not turned to another engine by a secret', () => {
    for (const name of ['PATH', 'HOME', 'DOCKER_HOST']) {
      expect(() => cliEnvironment([name], { [name]: 'x' })).toThrow(`cannot be called ${name}`);
    }
  });
});
