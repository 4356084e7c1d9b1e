'use client';
import { MoreHorizontal } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { QueueSummary, RoleName } from '@/core/wire';
import { menuButtonStyle } from './menu-button';

const QueueMenuItems = dynamic(() => import('./queue-menu-items').then((module) => module.QueueMenuItems), {
  ssr: false,
  loading: () => (
    <span aria-busy className={menuButtonStyle}>
      <MoreHorizontal aria-hidden />
    </span>
  ),
});

/** The menu of a row. What is in it is loaded with the first click, which opens it: a list of queues does without. */
export function QueueMenu({ queue, role }: { queue: QueueSummary; role: RoleName | undefined }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <QueueMenuItems queue={queue} role={role} />;
  return (
    <button
      type="button"
      aria-label={`Actions for ${queue.name}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
      className={menuButtonStyle}
    >
      <MoreHorizontal aria-hidden />
    </button>
  );
}
