/** What has to stand on the page: an element for each selector, whose text holds `text` where that is given. */
export interface Wanted {
  selector: string;
  text?: string;
}
export interface Probe {
  /** Resolves once all of it has been painted, with milliseconds since 1970. */
  shown(wanted: readonly Wanted[], absent?: string): Promise<number>;
  /** Time between two animation frames, milliseconds, from now until `frames` is called again. */
  frames(): number[];
}
declare global {
  interface Window {
    probe: Probe;
  }
}

/** Runs in the page, before its own scripts. */
export function installProbe(): void {
  let deltas: number[] | undefined;
  window.probe = {
    shown: (wanted, absent) =>
      new Promise((resolve) => {
        const observer = new MutationObserver(look);
        const stands = () =>
          wanted.every(({ selector, text }) =>
            [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(text ?? '')),
          ) &&
          (absent === undefined || document.querySelector(absent) === null);
        function look(): void {
          if (!stands()) return;
          observer.disconnect();
          // The task after the next frame begins when that frame is drawn.
          requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
        }
        observer.observe(document, {
          childList: true,
          subtree: true,
          attributes: true,
          characterData: true,
        });
        look();
      }),
    frames: () => {
      const before = deltas;
      if (before) {
        deltas = undefined;
        return before;
      }
      const list: number[] = [];
      deltas = list;
      let last: number | undefined;
      const tick = (at: number) => {
        if (deltas !== list) return;
        if (last !== undefined) list.push(at - last);
        last = at;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      return [];
    },
  };
}
