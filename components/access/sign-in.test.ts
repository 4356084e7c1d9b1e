import { expect, it } from 'vitest';
import { safeNext, signInError } from './sign-in';

it('leads to paths of this site only', () => {
  expect(safeNext('/vision/runs?state=failed')).toBe('/vision/runs?state=failed');
  for (const bad of [
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/sign-in?next=/x',
    '/setup',
  ]) {
    expect(safeNext(bad)).toBe('/');
  }
});

it('says what a refused sign-in means, and passes on what the server says of it', () => {
  expect(signInError('CredentialsSignin')).toBe('E-mail or password is wrong.');
  expect(signInError('Too many attempts; try again in 40 s.')).toBe('Too many attempts; try again in 40 s.');
});
