import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlCommand } from './curl-command';

describe('curlCommand', () => {
  it('hands a shell just what the form says, whatever it contains, and no key', () => {
    const launch = { image: 'a:1', args: ["it's", '$(id)', '`x`'], config: { text: 'line\nline "q"' } };
    const command = curlCommand('http://h:1', 'team', 'gpu', launch);
    expect(command).toContain('"Authorization: Bearer $SLIPWAY_API_KEY"');
    const words = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], {
      env: { ...process.env, SLIPWAY_API_KEY: 'of-the-shell' },
    })
      .toString()
      .split('\0');
    expect(words).toContain('http://h:1/api/v1/entities/team/queues/gpu/runs');
    expect(words).toContain('Authorization: Bearer of-the-shell');
    expect(JSON.parse(words[words.indexOf('--data') + 1] ?? '')).toEqual(launch);
  });
});
