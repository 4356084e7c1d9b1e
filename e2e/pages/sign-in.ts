import type { Page } from '@playwright/test';

/** Fills in the sign-in form that is open. */
export async function signIn(page: Page, user: { email: string; password: string }): Promise<void> {
  const form = page.getByRole('form', { name: 'Sign in' });
  await form.getByLabel('E-mail').fill(user.email);
  await form.getByLabel(/^Password/).fill(user.password);
  await form.getByRole('button', { name: 'Sign in', exact: true }).click();
}
