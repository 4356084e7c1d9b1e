import { signIn } from './pages/sign-in';
import { ADMIN_STATE, expect, test as setup } from './pages/test';
import { ADMIN } from './support/system';

setup('a fresh installation is set up, and its first admin signs out and in', async ({ page }) => {
  await setup.step('every page leads to the set-up', async () => {
    await page.goto('/');
    await expect(page).toHaveURL(/\/setup$/);
    await page.goto('/somebody/queues/new');
    await expect(page).toHaveURL(/\/setup$/);
    await expect(page.getByRole('heading', { name: 'Set up Slipway' })).toBeVisible();
  });
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const email = page.getByRole('textbox', { name: 'E-mail' });
  const username = page.getByRole('textbox', { name: 'Username' });
  const password = page.getByLabel(/^Password/);
  const create = page.getByRole('button', { name: 'Create administrator' });

  await setup.step('what is wrong is said at each field, and nothing is made', async () => {
    await create.click();
    for (const field of [name, email, username, password])
      await expect(field).toHaveAttribute('aria-invalid', 'true');
    await email.fill('not an address');
    await password.fill('too short');
    await create.click();
    await expect(email).toHaveAccessibleDescription('Is not an e-mail address');
    await expect(password).toHaveAccessibleDescription('Must be at least 10 characters');
    await username.fill('../admin');
    await create.click();
    await expect(username).toHaveAccessibleDescription(/letters, digits/);
    await expect(page).toHaveURL(/\/setup$/);
  });

  await setup.step('the administrator lands among their queues', async () => {
    await username.fill('');
    await name.fill(ADMIN.name);
    await email.fill(`${ADMIN.username}.lovelace@example.test`);
    await expect(username).toHaveValue('ada.lovelace');
    await email.fill(ADMIN.email);
    await username.fill(ADMIN.username);
    await password.fill(ADMIN.password);
    await create.click();
    await expect(page).toHaveURL(new RegExp(`/${ADMIN.username}$`));
    await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'From here to your first run' })).toBeVisible();
  });

  await setup.step('there is no second set-up', async () => {
    await page.goto('/setup');
    await expect(page).toHaveURL(new RegExp(`/${ADMIN.username}$`));
  });

  await setup.step('signed out, nothing is shown', async () => {
    await page.getByRole('button', { name: `Account of ${ADMIN.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await page.goto(`/${ADMIN.username}/agents`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  });

  await setup.step('a wrong password is refused in words', async () => {
    await signIn(page, { email: ADMIN.email, password: 'not the password' });
    await expect(page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong.' })).toBeVisible();
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  });

  await setup.step('signed in, the page that was asked for opens', async () => {
    await signIn(page, ADMIN);
    await expect(page).toHaveURL(new RegExp(`/${ADMIN.username}/agents$`));
    await expect(page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();
  });
  await page.context().storageState({ path: ADMIN_STATE });
});
