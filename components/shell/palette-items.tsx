'use client';
import { Command } from 'cmdk';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** One line of the palette. */
export interface PaletteItemProps {
  /** Unique; searched like the label. */
  value: string;
  Icon: LucideIcon;
  label: ReactNode;
  /** More words that find it. */
  keywords?: string[];
  onSelect: () => void;
  /** At the right end: an id, a state, a key. */
  children?: ReactNode;
}

export function PaletteItem({ value, Icon, label, keywords, onSelect, children }: PaletteItemProps) {
  return (
    <Command.Item
      value={value}
      keywords={typeof label === 'string' ? [label, ...(keywords ?? [])] : keywords}
      onSelect={onSelect}
      className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm select-none data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted"
    >
      <Icon aria-hidden />
      <span className="min-w-0 truncate">{label}</span>
      {children !== undefined && (
        <span className="ml-auto flex shrink-0 items-center gap-2 text-xs text-faint">{children}</span>
      )}
    </Command.Item>
  );
}

export function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:py-1.5 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}
