import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { agentCommand, dockerAgentCommand, systemdAgentCommand, type ServiceLine } from './agent-command';

const line: ServiceLine = {
  baseUrl: 'https://slipway.example.com',
  entity: 'vision',
  queues: ['gpu', 'a100.x8'],
  token: 'slw_agent_abc-_123',
  docker: true,
};

describe.each([
  ['a terminal', agentCommand],
  ['Docker', dockerAgentCommand],
  ['systemd', systemdAgentCommand],
])('the command for %s', (_, command: (line: ServiceLine) => string) => {
  it('names server, token, queues and entity, and is a program that a shell can read', () => {
    const text = command(line);
    for (const part of [line.baseUrl, 'slw_agent_abc-_123', '-q gpu -q a100.x8 -e vision'])
      expect(text).toContain(part);
    execFileSync('sh', ['-n'], { input: text });
  });
  it('asks for a queue where none is chosen, and never invents a token', () => {
    const text = command({ baseUrl: line.baseUrl, entity: 'vision', queues: [], docker: false });
    expect(text).toContain('-q QUEUE -e vision');
    expect(text).toContain('slw_agent_…');
    expect(text).not.toContain('docker.sock');
  });
});
