/** A line of counts without axes, drawn by hand: a chart library would weigh more than the whole page. Told in words to screen readers. */
export function Sparkline({
  values,
  label,
  className,
}: {
  values: readonly number[];
  /** What the line is of: `Waiting over the last 24 hours`. */
  label: string;
  className?: string;
}) {
  const width = 72;
  const height = 20;
  const most = Math.max(...values, 0);
  if (most === 0 || values.length < 2) return null;
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * (width - 3) + 1.5;
    const y = height - 2 - (value / most) * (height - 4);
    return [Math.round(x * 10) / 10, Math.round(y * 10) / 10] as const;
  });
  const line = points.map(([x, y]) => `${x},${y}`).join(' ');
  const [lastX, lastY] = points.at(-1) ?? [0, 0];
  const words = `${label}: from ${values[0]} to ${values.at(-1)}, at most ${most}`;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={words}
      className={className}
    >
      <title>{words}</title>
      <polygon
        points={`1.5,${height - 1} ${line} ${lastX},${height - 1}`}
        className="fill-accent-soft"
        stroke="none"
      />
      <polyline
        points={line}
        fill="none"
        className="stroke-accent"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={lastX} cy={lastY} r={1.75} className="fill-accent" />
    </svg>
  );
}
