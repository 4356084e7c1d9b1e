import { describe, expect, it } from 'vitest';
import { cliCommand } from './cli-command';

describe('cliCommand', () => {
  it('says everything the form says', () => {
    const launch = {
      image: 'busybox:1',
      name: 'first try',
      priority: 'high' as const,
      templateValues: { gpus: 2, size: 'a=b' },
      entrypoint: ['sh', '-c', "echo 'hi'"],
      args: ['--lr=1'],
      env: { A: '$HOME' },
    };
    expect(cliCommand('team', 'gpu', launch)).toBe(
      "slipway launch --image busybox:1 -q gpu -e team --name 'first try' --priority high --set-var gpus=2 --set-var size=a=b" +
        ` --entry-point 'sh -c '\\''echo '\\''\\'\\'''\\''hi'\\''\\'\\'''\\'''\\''' --arg=--lr=1 --env 'A=$HOME'`,
    );
  });

  it('leaves out what is not given', () => {
    expect(cliCommand('me', 'q', { job: 'train:v3' })).toBe('slipway launch --job train:v3 -q q -e me');
  });

  it('hands the run config over by standard input', () => {
    expect(cliCommand('me', 'q', { image: 'x', config: { lr: 0.1 } })).toContain(
      `--config /dev/stdin <<'JSON'\n{\n  "lr": 0.1\n}\nJSON`,
    );
  });
});
