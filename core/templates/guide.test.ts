import { describe, expect, it } from 'vitest';
import { RESOURCE_EXAMPLES } from '@/core/queue-config';
import { GUIDE_FIXTURES, SAGEMAKER_TEMPLATE } from '@/core/queue-config/guide-fixtures';
import { RESOURCES } from '@/core/wire';
import { analyzeConfig, parseConfig, resolveConfig } from '.';

describe('configurations printed in the guide', () => {
  it.each(GUIDE_FIXTURES)('$title', ({ resource, format, source, config, required }) => {
    const { tree, problems, placeholders } = parseConfig({ resource, format, source });
    const errors = problems.filter((problem) => problem.severity === 'error');
    expect(errors.map((error) => error.path)).toEqual(required);
    expect(placeholders).toEqual([]);
    if (tree === null) throw new Error('unreadable');
    const resolved = resolveConfig({ resource, tree, templates: {}, values: {}, overrideAllow: [] });
    expect(resolved).toMatchObject({ ok: true, config });
  });

  it('takes the base image for builds out', () => {
    const fixture = GUIDE_FIXTURES.find(({ source }) => source.includes('base_image'));
    const { tree } = parseConfig({ resource: 'sagemaker', format: 'json', source: fixture?.source ?? '' });
    if (tree === null) throw new Error('unreadable');
    const resolved = resolveConfig({
      resource: 'sagemaker',
      tree,
      templates: {},
      values: {},
      overrideAllow: [],
    });
    expect(resolved).toEqual({
      ok: true,
      config: {},
      origins: {},
      builder: { acceleratorBaseImage: 'tensorflow/tensorflow:latest-gpu' },
    });
  });

  it('warns of each glitch in the print of the injected fields, at its line', () => {
    const fixture = GUIDE_FIXTURES.find(({ source }) => source.includes('`'));
    const { problems } = parseConfig({
      resource: 'kubernetes',
      format: 'yaml',
      source: fixture?.source ?? '',
    });
    expect(problems.map(({ severity, line }) => [severity, line])).toEqual([
      ['warning', 3],
      ['warning', 3],
      ['warning', 3],
      ['warning', 4],
      ['warning', 6],
      ['warning', 6],
      ['warning', 9],
    ]);
  });

  it.each([
    '"{{aws_instance}}"',
    '"<<aws_instance>>"',
    '{{aws_instance}}',
    '<<aws_instance>>',
    "'{{ aws_instance }}'",
  ])('finds the placeholder written %s', (typed) => {
    const source = SAGEMAKER_TEMPLATE.replace('"{{aws_instance}}"', typed);
    const answer = analyzeConfig({ resource: 'sagemaker', format: 'yaml', source });
    expect(answer.problems).toEqual([]);
    expect(answer.templates).toEqual({ aws_instance: { type: 'string' } });
    expect(answer.placeholders).toMatchObject([
      { name: 'aws_instance', path: 'ResourceConfig.InstanceType', line: 3, wholeValue: true },
    ]);
  });

  it('restricts the instance type to the two options of the guide', () => {
    const templates = {
      aws_instance: { type: 'string' as const, options: ['ml.m4.xlarge', 'ml.p3.xlarge'] },
    };
    const input = {
      resource: 'sagemaker' as const,
      format: 'yaml' as const,
      source: SAGEMAKER_TEMPLATE,
      templates,
    };
    const { tree, problems } = analyzeConfig(input);
    if (tree === null) throw new Error('unreadable');
    expect(problems).toEqual([]);
    const resolve = (aws_instance: string) =>
      resolveConfig({ resource: 'sagemaker', tree, templates, values: { aws_instance }, overrideAllow: [] });
    expect(resolve('ml.p3.xlarge')).toMatchObject({
      ok: true,
      config: { ResourceConfig: { InstanceType: 'ml.p3.xlarge', InstanceCount: 1 } },
      origins: { '/ResourceConfig/InstanceType': 'template', '/ResourceConfig/InstanceCount': 'queue' },
    });
    expect(resolve('ml.p4d.24xlarge')).toEqual({
      ok: false,
      errors: [
        {
          path: 'templateValues.aws_instance',
          message: '"aws_instance" must be one of "ml.m4.xlarge", "ml.p3.xlarge", not "ml.p4d.24xlarge".',
        },
      ],
    });
  });
});

describe('what the editor starts with', () => {
  it.each(RESOURCES)('says the same in YAML and JSON for %s', (resource) => {
    const example = RESOURCE_EXAMPLES[resource];
    const yaml = parseConfig({ resource, format: 'yaml', source: example.yaml });
    const json = parseConfig({ resource, format: 'json', source: example.json });
    expect(yaml.tree).not.toBeNull();
    expect(yaml.tree).toEqual(json.tree);
    expect(json.problems.filter(({ message }) => !message.includes('<REQUIRED>'))).toEqual([]);
  });
});
