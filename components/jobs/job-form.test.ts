import { describe, expect, it } from 'vitest';
import type { Job } from '@/core/wire';
import { EMPTY_JOB, codeCommand, formFromJob, readSchema, toVersion } from './job-form';

describe('the form of a job', () => {
  it('asks for what was filled in, and for nothing else', () => {
    expect(
      toVersion({ ...EMPTY_JOB, kind: 'image', image: ' train:1 ', ref: 'left over' }, undefined),
    ).toEqual({
      source: { type: 'image', image: 'train:1' },
      aliases: [],
    });
    const form = {
      ...EMPTY_JOB,
      repository: 'https://example.com/a',
      ref: 'main',
      pythonVersion: '3.12',
      entrypoint: 'python a.py',
      aliases: 'prod, ,next',
    };
    expect(toVersion(form, { type: 'object' })).toEqual({
      source: { type: 'git', repository: 'https://example.com/a', ref: 'main', pythonVersion: '3.12' },
      entrypoint: 'python a.py',
      inputSchema: { type: 'object' },
      aliases: ['prod', 'next'],
    });
  });

  it('begins the next version with what the newest is', () => {
    const latest = {
      source: {
        type: 'git',
        repository: 'https://example.com/a',
        ref: 'main',
        commit: 'a'.repeat(40),
        directory: 'sub',
      },
      entrypoint: ['python', 'a b.py'],
      inputSchema: { type: 'object' },
    };
    const form = formFromJob({ name: 'train', latest } as unknown as Job);
    expect(form).toMatchObject({ name: 'train', kind: 'git', ref: 'main', directory: 'sub' });
    // Not the commit: the ref is looked up anew.
    expect(toVersion(form, undefined)).toMatchObject({
      source: { type: 'git', repository: 'https://example.com/a', ref: 'main', directory: 'sub' },
      entrypoint: "python 'a b.py'",
    });
  });

  it('says why a schema is none', () => {
    expect(readSchema(' ')).toEqual({ schema: undefined });
    expect(readSchema('{"type":"object"}')).toEqual({ schema: { type: 'object' } });
    expect(readSchema('[1]')).toHaveProperty('error', expect.stringContaining('object'));
    expect(readSchema('{')).toHaveProperty('error', expect.stringContaining('no JSON'));
  });

  it('gives the command for a directory', () => {
    expect(codeCommand('ada', ' ')).toContain('job create code NAME .');
    expect(codeCommand('ada', 'train')).toContain('job create code train .');
  });
});
