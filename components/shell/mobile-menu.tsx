'use client';
import { Sheet } from '../ui/sheet';
import { Sidebar } from './sidebar';

/** The sidebar as a drawer, where there is no room for it. */
export function MobileMenu({ onClose }: { onClose: () => void }) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title="Pages" side="left" flush>
      <Sidebar onNavigate={onClose} />
    </Sheet>
  );
}
