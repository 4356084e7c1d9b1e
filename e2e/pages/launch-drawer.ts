import type { Locator, Page } from '@playwright/test';

/** The drawer that launches a run. */
export class LaunchDrawer {
  readonly root: Locator;
  readonly preview: Locator;
  readonly submit: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('dialog', { name: 'Launch a run' });
    this.preview = this.root.getByRole('region', { name: 'Preview' });
    this.submit = this.root.getByRole('button', { name: /^Launch(?! and stay)/ });
  }

  /** A field that holds text or a number. */
  text(label: string): Locator {
    return this.root
      .getByRole('textbox', { name: label })
      .or(this.root.getByRole('spinbutton', { name: label }));
  }

  choice(label: string): Locator {
    return this.root.getByRole('combobox', { name: label, exact: true });
  }

  /** The command or document that would be submitted. */
  get submission(): Locator {
    return this.preview.locator('pre');
  }
}
