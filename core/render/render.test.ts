import { expect, it } from 'vitest';
import { RESOURCES, submissionSchema } from '@/core/wire';
import { renderSubmission } from '.';
import { testSpec } from './shared/testing';

it.each(RESOURCES)('renders %s the same each time, as the interface describes it', (resource) => {
  const spec = testSpec({ resource, config: {}, args: ['date'] });
  const before = structuredClone(spec);
  const { submission } = renderSubmission(spec, { image: 'a:1', secretNames: ['S'] });
  expect(submissionSchema.parse(submission)).toEqual(submission);
  expect(renderSubmission(spec, { image: 'a:1', secretNames: ['S'] }).submission).toEqual(submission);
  expect(spec).toEqual(before);
});
