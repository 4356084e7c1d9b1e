import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test';

/** Nothing on the page, open dialogs and menus included, may break a rule of axe; `what` names it in the report. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found: { id: string; where: string[] }[] = [];
  for (const { id, nodes } of violations) {
    const where: string[] = [];
    for (const { target, failureSummary } of nodes) {
      const selector = target.join(' ');
      if (id === 'region' && (await isInMenu(page, selector))) continue;
      where.push(`${selector}: ${failureSummary ?? ''}`);
    }
    if (where.length > 0) found.push({ id, where });
  }
  expect.soft(found, what).toEqual([]);
}

/**
 * An open menu belongs to the button that controls it and takes the focus: it stands at the end of the document, in no landmark, as the
 * menu button pattern of WAI-ARIA allows. axe's advice on landmarks does not know that pattern.
 */
const isInMenu = (page: Page, selector: string): Promise<boolean> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      // A menu with text beside its items is reported by the box that places it.
      const box = element.matches('[data-radix-popper-content-wrapper]')
        ? element.firstElementChild
        : element;
      return box !== null && box.closest('[role="menu"]') !== null;
    });
