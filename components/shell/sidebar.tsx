'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cn } from '../lib/cn';
import { Kbd } from '../ui/kbd';
import { useCurrentEntity } from './current-entity';
import { EntitySwitcher } from './entity-switcher';
import { Logo } from './logo';
import { pagesFor } from './navigation';

/** Logo, entity and pages; beside the page from 1024 px on, else in a drawer. */
export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const pathname = decodeURIComponent(usePathname());
  const { entity, role } = useCurrentEntity();
  return (
    <div className="flex h-full flex-col gap-4 px-3 py-4">
      <Link href="/" className="rounded-md px-1.5" aria-label="Slipway, home" onClick={onNavigate}>
        <Logo />
      </Link>
      <EntitySwitcher />
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        {pagesFor(role).map(({ id, label, href, Icon, shortcut, holds }) => {
          const active = entity !== undefined && holds(pathname, entity);
          const classes = cn(
            'group flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm transition-colors duration-(--speed)',
            active
              ? 'bg-accent-soft font-medium text-accent-ink'
              : 'text-muted hover:bg-hover hover:text-ink',
          );
          const content = (
            <>
              <Icon className="size-4 shrink-0" aria-hidden />
              <span className="flex-1">{label}</span>
              {shortcut !== undefined && (
                <Kbd keys={`g ${shortcut}`} className="opacity-0 group-hover:opacity-100 max-lg:hidden" />
              )}
            </>
          );
          return entity === undefined ? (
            <span key={id} className={classes}>
              {content}
            </span>
          ) : (
            <Link
              key={id}
              href={href(encodeURIComponent(entity))}
              aria-current={active ? 'page' : undefined}
              className={classes}
              onClick={onNavigate}
            >
              {content}
            </Link>
          );
        })}
      </nav>
      <div className="mt-auto flex flex-wrap gap-x-3 gap-y-1 px-2.5 text-xs text-faint">
        <a href="/api/docs" className="hover:text-ink hover:underline">
          API
        </a>
      </div>
    </div>
  );
}
