// Loaded before a program: its clock is CLOCK_OFFSET_MS off. Time that passes is measured rightly, as on a machine that was set wrong.
const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const now = Date.now.bind(Date);
if (offset !== 0)
  globalThis.Date = class extends Date {
    constructor(...values) {
      super(...(values.length === 0 ? [now() + offset] : values));
    }
    static now() {
      return now() + offset;
    }
  };
