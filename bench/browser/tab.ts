import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { signIn } from '../../e2e/pages/sign-in';
import { ADMIN } from '../../e2e/support/system';
import { installProbe, type Wanted } from './probe';

interface ProcessInfo {
  type: string;
  id: number;
  /** Seconds. */
  cpuTime: number;
}

/** One tab of a real browser, signed in as the admin. */
export class Tab {
  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly cdp: CDPSession,
    private readonly browserCdp: CDPSession,
    readonly baseUrl: string,
  ) {}

  static async open(baseUrl: string): Promise<Tab> {
    const browser = await chromium.launch({
      executablePath: process.env.SLIPWAY_BROWSER ?? '/usr/bin/chromium',
      // As root Chromium cannot make its sandbox; the rest keeps it from calling home.
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    });
    const context = await browser.newContext({ baseURL: baseUrl, viewport: { width: 1440, height: 900 } });
    await context.addInitScript(installProbe);
    const page = await context.newPage();
    await page.goto('/sign-in');
    await signIn(page, ADMIN);
    await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable');
    return new Tab(browser, context, page, cdp, await browser.newBrowserCDPSession(), baseUrl);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Another tab with the same session but an empty cache, as a first visit has. */
  async fresh<T>(use: (page: Page, cdp: CDPSession) => Promise<T>): Promise<T> {
    const context = await this.browser.newContext({
      baseURL: this.baseUrl,
      storageState: await this.context.storageState(),
      viewport: { width: 1440, height: 900 },
    });
    await context.addInitScript(installProbe);
    const page = await context.newPage();
    try {
      return await use(page, await context.newCDPSession(page));
    } finally {
      await context.close();
    }
  }

  /** Milliseconds from an act in the page to what it shows, painted. Without a selector the act is the browser's way back. */
  async change(click: string | undefined, wanted: Wanted[], absent?: string): Promise<number> {
    return this.page.evaluate(
      async ({ click, wanted, absent }) => {
        const begin = performance.timeOrigin + performance.now();
        if (click === undefined) history.back();
        else document.querySelector<HTMLElement>(click)?.click();
        return (await window.probe.shown(wanted, absent)) - begin;
      },
      { click, wanted, absent },
    );
  }

  /** Scrolls as a hand does and looks at the frames. `cpuMs`: processor time of the page's process for each frame drawn. */
  async scroll(
    selector: string,
    { distance, speed }: { distance: number; speed: number },
  ): Promise<{ share: number; cpuMs: number }> {
    const box = await this.page.locator(selector).first().boundingBox();
    if (!box) throw new Error(`${selector} is not there to be scrolled`);
    const { renderer: before } = await this.cpuSeconds();
    await this.page.evaluate(() => window.probe.frames());
    await this.cdp.send('Input.synthesizeScrollGesture', {
      x: box.x + Math.min(box.width, 600) / 2,
      y: Math.max(box.y, 100) + 150,
      yDistance: -distance,
      speed,
      preventFling: true,
      gestureSourceType: 'mouse',
    });
    const deltas = await this.page.evaluate(() => window.probe.frames());
    const seconds = (await this.cpuSeconds()).renderer - before;
    const dropped = deltas.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME_MS) - 1), 0);
    return {
      share: dropped / Math.max(1, deltas.length + dropped),
      cpuMs: (seconds * 1000) / Math.max(1, deltas.length),
    };
  }

  private async processes(): Promise<ProcessInfo[]> {
    const { processInfo } = await this.browserCdp.send('SystemInfo.getProcessInfo');
    return processInfo;
  }

  /** Processor seconds that the browser's processes have used so far: those that run pages, and all. */
  async cpuSeconds(): Promise<{ renderer: number; all: number }> {
    const processes = await this.processes();
    const sum = (list: ProcessInfo[]) => list.reduce((total, { cpuTime }) => total + cpuTime, 0);
    return { renderer: sum(processes.filter(({ type }) => type === 'renderer')), all: sum(processes) };
  }

  /** Memory of the tab's process and of its script, MB (Linux): all that is resident, shared code included, and what is its alone. */
  async megabytes(): Promise<{ resident: number; own: number; heap: number }> {
    const renderers = (await this.processes()).filter(({ type }) => type === 'renderer');
    const sizes = renderers.map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
      return { resident: kilobytes('VmRSS') / 1024, own: kilobytes('RssAnon') / 1024 };
    });
    const { metrics } = await this.cdp.send('Performance.getMetrics');
    const heap = (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6;
    // A spare process waits beside the tab's; it is smaller.
    const [largest = { resident: NaN, own: NaN }] = sizes.sort((a, b) => b.resident - a.resident);
    return { ...largest, heap };
  }
}

const FRAME_MS = 1000 / 60;
