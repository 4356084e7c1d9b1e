import { expect, type Locator, type Page } from '@playwright/test';

/** The editor of a configuration and the tiles beside it, on the pages that make or change a queue. */
export class ConfigEditor {
  readonly root: Locator;
  readonly problems: Locator;

  constructor(private readonly page: Page) {
    this.root = page.getByTestId('config-editor');
    this.problems = page.getByRole('region', { name: 'Problems' }).first();
  }

  async ready(): Promise<void> {
    await expect(this.root).toHaveAttribute('data-state', 'ready');
    await expect(this.root.locator('.view-line').first()).toBeVisible();
  }

  async focus(): Promise<void> {
    await this.ready();
    await this.root.locator('.view-lines').click();
  }

  /** Empties the editor and types each line at the keyboard, as a person would, whatever the editor adds by itself. */
  async type(text: string): Promise<void> {
    await this.clear();
    const { keyboard } = this.page;
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) {
        await keyboard.press('Escape'); // a suggestion that is open would be taken by Enter
        await keyboard.press('Enter');
        await keyboard.press('Shift+Home'); // the indentation that Enter kept
        await keyboard.press('Delete');
      }
      await keyboard.type(line);
    }
    await keyboard.press('Escape');
    await this.expectText(text);
  }

  /** Types at the end of a line, counted from 1. */
  async typeAtEnd(line: number, text: string): Promise<void> {
    const { keyboard } = this.page;
    await this.focus();
    await keyboard.press('ControlOrMeta+Home');
    for (let at = 1; at < line; at += 1) await keyboard.press('ArrowDown');
    await keyboard.press('End');
    await keyboard.type(text);
    await keyboard.press('Escape');
  }

  /** Replaces everything at once, as a paste does. */
  async paste(text: string): Promise<void> {
    await this.clear();
    await this.page.keyboard.insertText(text);
    await this.expectText(text);
  }

  async clear(): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('Delete');
    await this.expectText('');
  }

  async expectText(text: string): Promise<void> {
    await expect.poll(() => this.text()).toBe(trimLines(text));
  }

  /** What the editor shows; texts of these tests are short enough to be shown whole. */
  async text(): Promise<string> {
    const lines = await this.root.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({
          top: Number.parseFloat((element as HTMLElement).style.top),
          text: element.textContent,
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text: shown }) => shown.replaceAll('\u00a0', ' ')),
    );
    return trimLines(lines.join('\n'));
  }

  async parse(): Promise<void> {
    await this.page.getByRole('button', { name: 'Parse configuration' }).click();
  }

  tile(name: string): Tile {
    return new Tile(this.page, this.page.getByRole('region', { name: `Variable ${name}`, exact: true }));
  }

  format(name: 'YAML' | 'JSON'): Locator {
    return this.page
      .getByRole('group', { name: 'Format of the configuration' })
      .getByRole('button', { name });
  }
}

const trimLines = (text: string): string => text.replace(/[ \t]+$/gm, '').trimEnd();

export class Tile {
  constructor(
    private readonly page: Page,
    readonly root: Locator,
  ) {}

  field(label: string): Locator {
    return this.root.getByLabel(label, { exact: true });
  }

  async setType(type: 'String' | 'Integer' | 'Float'): Promise<void> {
    await choose(this.page, this.field('Type'), type);
  }

  async addOptions(...options: string[]): Promise<void> {
    for (const option of options) {
      await this.field('Options').fill(option);
      await this.field('Options').press('Enter');
      await expect(this.root.getByRole('list', { name: 'Allowed values' })).toContainText(option);
    }
  }
}

/** Opens a select and takes one of its options. */
export async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
