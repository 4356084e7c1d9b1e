import { describe, expect, it } from 'vitest';
import type { Submission } from '@/core/wire';
import { submissionSpans } from './submission-spans';

const joined = (submission: Submission) =>
  submissionSpans(submission)
    .map((span) => span.text)
    .join('');
const marked = (submission: Submission) =>
  submissionSpans(submission)
    .filter((span) => span.origin)
    .map((span) => [span.text, span.origin]);

describe('submissionSpans', () => {
  it('quotes the words of a command and begins a line at each option', () => {
    const submission: Submission = {
      kind: 'docker-run',
      text: '',
      argv: ['docker', 'run', '--env', 'A=a b', '--rm', 'img'],
      origins: { '/2': 'queue', '/3': 'template' },
    };
    expect(joined(submission)).toBe("docker run \\\n  --env 'A=a b' \\\n  --rm img");
    expect(marked(submission)).toEqual([
      ['--env', 'queue'],
      ["'A=a b'", 'template'],
    ]);
  });

  it('shows directory and variables of a process before its command', () => {
    const submission: Submission = {
      kind: 'process',
      text: "cd /data &&\nA='two\nlines' \\\nB=2 \\\npython train.py",
      argv: ['python', 'train.py'],
      origins: { '/0': 'launch', '/1': 'launch', '/env/A': 'template', '/env/B': 'default' },
    };
    expect(joined(submission)).toBe(submission.text);
    expect(marked(submission)).toEqual([
      ["A='two\n", 'template'],
      ["lines' \\\n", 'template'],
      ['B=2 \\\n', 'default'],
      ['python', 'launch'],
      ['train.py', 'launch'],
    ]);
  });

  it.each([
    ['yaml', 'spec:\n  list:\n    - a/b: 1\n    - {}\n  text: |\n    two\n    lines\n'],
    ['json', '{"spec": {"list": [{"a/b": 1}, {}], "text": "x"}}'],
  ])('marks the leaves of %s and keeps the text as it is', (_, text) => {
    const submission: Submission = {
      kind: 'kubernetes',
      text,
      document: null,
      origins: { '/spec/list/0/a~1b': 'template', '/spec/list/1': 'default', '/spec/text': 'queue' },
    };
    expect(joined(submission)).toBe(text);
    expect(marked(submission).map(([, origin]) => origin)).toEqual(['template', 'default', 'queue']);
    expect(marked(submission)[0]?.[0]).toBe('1');
  });

  it('shows a text it cannot read without marks', () => {
    expect(
      submissionSpans({ kind: 'vertex', text: 'a: [', document: null, origins: { '/a': 'queue' } }),
    ).toEqual([{ text: 'a: [' }]);
  });
});
