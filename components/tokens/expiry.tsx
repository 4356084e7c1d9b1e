'use client';
import { TriangleAlert } from 'lucide-react';
import { useNow } from '../lib/clock';
import { Select } from '../ui/select';
import { RelativeTime } from '../ui/time';

const SOON_MS = 7 * 86_400_000;

/** When a credential ends; amber in its last week. */
export function Expiry({ at }: { at: string | null }) {
  const now = useNow(false);
  if (at === null) return <span className="text-muted">never</span>;
  const left = Date.parse(at) - now;
  if (left <= 0) return <span className="font-medium text-danger">expired</span>;
  return left < SOON_MS ? (
    <span className="inline-flex items-center gap-1 font-medium text-warn">
      <TriangleAlert className="size-3.5" aria-hidden /> <RelativeTime at={at} />
    </span>
  ) : (
    <RelativeTime at={at} />
  );
}

const NEVER = 'never';
const CHOICES = [
  { value: '7', label: 'in 7 days' },
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: NEVER, label: 'never' },
];

/** Choice of a lifetime in days; null: no end. */
export function ExpirySelect({
  value,
  onChange,
}: {
  value: number | null;
  onChange: (days: number | null) => void;
}) {
  return (
    <Select
      value={value === null ? NEVER : String(value)}
      onValueChange={(next) => onChange(next === NEVER ? null : Number(next))}
      options={CHOICES}
    />
  );
}
