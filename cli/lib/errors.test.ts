import { expect, it } from 'vitest';
import { ApiError, describeError } from './errors';

const refused = (detail: string, ...errors: { path: string; message: string }[]) =>
  describeError(new ApiError(422, { type: 'about:blank', title: 'Refused', status: 422, detail, errors }));

it('says each error once, with its place', () => {
  const missing = { path: 'templateValues.cpu', message: 'It is missing.' };
  const wrong = { path: 'image', message: 'It is no image.' };
  expect(refused('Refused: templateValues.cpu: It is missing.', missing)).toBe(
    'Refused: templateValues.cpu: It is missing.',
  );
  expect(refused('Two things are wrong.', missing, wrong)).toBe(
    'Two things are wrong.\n  templateValues.cpu: It is missing.\n  image: It is no image.',
  );
});
