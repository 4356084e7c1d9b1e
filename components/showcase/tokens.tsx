import { CHART, series } from '../ui/chart-colors';
import { SectionCard } from '../ui/card';

const SURFACES = ['canvas', 'surface', 'raised', 'sunken', 'hover'];
const LINES = ['line', 'line-strong', 'control'];
const TEXTS = ['ink', 'muted', 'faint', 'accent-ink', 'ok', 'info', 'warn', 'danger', 'violet'];
const SOFT = ['accent', 'ok', 'info', 'warn', 'danger', 'violet'];

function Swatch({ name, color }: { name: string; color: string }) {
  return (
    <li className="flex items-center gap-2 text-xs">
      <span className="size-8 shrink-0 rounded-md border border-line" style={{ background: color }} />
      <code className="font-mono">{name}</code>
    </li>
  );
}
const list = 'grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-6';

/** Colours, type, radius and motion, as `app/globals.css` has them. */
export function Tokens() {
  return (
    <SectionCard title="Tokens" description="CSS variables in app/globals.css; no other colours exist.">
      <h3 className="mb-2 text-xs font-semibold text-muted">Surfaces and lines</h3>
      <ul className={list}>
        {[...SURFACES, ...LINES].map((name) => (
          <Swatch key={name} name={name} color={`var(--${name})`} />
        ))}
      </ul>
      <h3 className="mt-5 mb-2 text-xs font-semibold text-muted">
        Text on surface, and states on their soft ground
      </h3>
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        {TEXTS.map((name) => (
          <span key={name} style={{ color: `var(--${name})` }}>
            {name}
          </span>
        ))}
      </p>
      <p className="mt-2 flex flex-wrap gap-2">
        {SOFT.map((name) => (
          <span
            key={name}
            className="rounded-md px-2 py-1 text-xs"
            style={{
              color: `var(--${name === 'accent' ? 'accent-ink' : name})`,
              background: `var(--${name}-soft)`,
            }}
          >
            {name}-soft
          </span>
        ))}
      </p>
      <h3 className="mt-5 mb-2 text-xs font-semibold text-muted">Charts</h3>
      <ul className={list}>
        {Object.entries(CHART).map(([name, color]) => (
          <Swatch key={name} name={name} color={color} />
        ))}
        {Array.from({ length: 8 }, (_, index) => (
          <Swatch key={index} name={`series(${index})`} color={series(index)} />
        ))}
      </ul>
      <h3 className="mt-5 mb-2 text-xs font-semibold text-muted">Type</h3>
      <p className="text-xl font-semibold tracking-tight">Heading of a page, 20 px</p>
      <p className="text-base font-semibold">Title of a dialog, 16 px</p>
      <p>
        Text, 14 px. Numbers that change: <span className="tabular-nums">1,204</span>
      </p>
      <p className="text-xs text-muted">Second line, 12 px: the smallest for reading.</p>
      <p className="font-mono text-[13px]">Code, Geist Mono 13 px</p>
    </SectionCard>
  );
}
