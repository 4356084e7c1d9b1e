import config from './playwright.config';

/** `npm run screenshots`: pictures of the built product, for the README and to look at every page. */
export default {
  ...config,
  projects: [
    { name: 'first-use', testMatch: /first-use\.setup\.ts/ },
    {
      name: 'screenshots',
      testMatch: /screenshots\.shots\.ts/,
      dependencies: ['first-use'],
      use: { storageState: 'test-results/admin.json' },
    },
  ],
};
