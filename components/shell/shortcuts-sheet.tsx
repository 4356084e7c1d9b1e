'use client';
import { useShortcuts } from '../lib/shortcuts';
import { Dialog } from '../ui/dialog';
import { Kbd } from '../ui/kbd';

/** All keys that work on this page. */
export function ShortcutsSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const shortcuts = useShortcuts();
  const groups = [...new Set(shortcuts.map(({ group }) => group))];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      description="They rest while you type in a field or an editor."
    >
      <div className="grid gap-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-1.5 text-xs font-semibold text-muted">{group}</h3>
            <ul className="space-y-1">
              {shortcuts
                .filter((each) => each.group === group)
                .map(({ keys, description }) => (
                  <li key={keys} className="flex items-center justify-between gap-3 text-sm">
                    {description}
                    <Kbd keys={keys} />
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
