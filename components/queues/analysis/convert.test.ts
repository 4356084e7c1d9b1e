import { describe, expect, it } from 'vitest';
import { convertConfig, type ConvertInput } from './convert';

const convert = (input: Omit<ConvertInput, 'resource'>) => {
  const answer = convertConfig({ resource: 'local-container', ...input });
  if (!answer.ok) throw new Error(answer.message);
  return answer.source;
};
const yaml = `# what every run gets
env:
  - A=1 # first
gpus: {{count}}
memory: "{{memory}}g"
`;

describe('convertConfig', () => {
  it('keeps placeholders, whether they were quoted or not', () => {
    expect(JSON.parse(convert({ from: 'yaml', to: 'json', source: yaml }))).toEqual({
      env: ['A=1'],
      gpus: '{{count}}',
      memory: '{{memory}}g',
    });
  });

  it('gives the text back as it was when nothing was changed', () => {
    const json = convert({ from: 'yaml', to: 'json', source: yaml });
    expect(convert({ from: 'json', to: 'yaml', source: json, before: yaml })).toBe(yaml);
  });

  it('keeps comments where a value was changed', () => {
    const json = convert({ from: 'yaml', to: 'json', source: yaml }).replace('{{count}}', 'all');
    const back = convert({ from: 'json', to: 'yaml', source: json, before: yaml });
    expect(back).toContain('# what every run gets');
    expect(back).toContain('# first');
    expect(back).toContain('gpus: "all"');
    expect(back).toContain('memory: "{{memory}}g"');
  });

  it('adds and removes keys beside comments', () => {
    const back = convert({
      from: 'json',
      to: 'yaml',
      source: '{"env": ["A=1", "B=2"], "rm": true}',
      before: yaml,
    });
    expect(back).toContain('# what every run gets');
    expect(back).toContain('rm: true');
    expect(back).not.toContain('gpus');
  });

  it('makes readable YAML without an older text', () => {
    expect(convert({ from: 'json', to: 'yaml', source: '{"env":["A={{a}}"],"gpus":"{{n}}"}' })).toBe(
      'env:\n  - A={{a}}\ngpus: "{{n}}"\n',
    );
  });

  it('refuses a text that cannot be read, and says where', () => {
    const answer = convertConfig({
      resource: 'local-container',
      from: 'yaml',
      to: 'json',
      source: 'a: 1\nb: [1',
    });
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('line 2') });
  });
});
