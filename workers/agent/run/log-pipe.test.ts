import { expect, it } from 'vitest';
import { maskPatterns } from '../logs/mask';
import { LogPipe } from './log-pipe';

it('masks each writer on its own, so that another in between cannot tear a secret apart', async () => {
  const written: { source: string | undefined; text: string; consumed: number }[] = [];
  const pipe = new LogPipe(
    {
      write: (_stream, data, consumed, source) => {
        written.push({ source, text: Buffer.from(data).toString(), consumed });
        return Promise.resolve();
      },
      drain: () => Promise.resolve(),
    },
    maskPatterns(['hunter2-hunter2']),
  );
  await pipe.write('stdout', Buffer.from('key hunter2-'), 'pod-a');
  await pipe.write('stdout', Buffer.from('hello\n'), 'pod-b');
  await pipe.write('stdout', Buffer.from('hunter2\n'), 'pod-a');
  await pipe.write('stdout', Buffer.from('hunt'), 'pod-b');
  await pipe.end();
  const of = (pod: string) => written.filter(({ source }) => source === pod);
  const text = (pod: string) =>
    of(pod)
      .map((each) => each.text)
      .join('');
  expect(text('pod-a')).toBe('key ***\n');
  expect(text('pod-b')).toBe('hello\nhunt');
  expect(of('pod-a').at(-1)?.consumed).toBe('key hunter2-hunter2\n'.length);
  expect(of('pod-b').at(-1)?.consumed).toBe('hello\nhunt'.length);
});
