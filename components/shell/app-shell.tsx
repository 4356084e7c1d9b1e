'use client';
import { Menu, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { Suspense, useState, type ReactNode } from 'react';
import type { RoleName } from '@/core/wire';
import { LaunchDrawerHost, useLaunchHref } from '../launch';
import { useLive } from '../lib/live';
import { useShortcut, useShortcutListener } from '../lib/shortcuts';
import { IconButton } from '../ui/icon-button';
import { Kbd } from '../ui/kbd';
import { LiveBadge } from '../ui/live-badge';
import { Breadcrumbs } from './breadcrumbs';
import { useCurrentEntity } from './current-entity';
import { pagesFor } from './navigation';
import { ReloadNotice } from './reload-notice';
import { Sidebar } from './sidebar';
import { ThemeSwitch } from './theme-switch';
import { UserMenu } from './user-menu';

// Not part of the first load: they are opened by a key or a click.
const CommandPalette = dynamic(() => import('./command-palette').then((module) => module.CommandPalette), {
  ssr: false,
});
const PauseQueueDialog = dynamic(
  () => import('../home/pause-queue-dialog').then((module) => module.PauseQueueDialog),
  { ssr: false },
);
const ShortcutsSheet = dynamic(() => import('./shortcuts-sheet').then((module) => module.ShortcutsSheet), {
  ssr: false,
});

const MobileMenu = dynamic(() => import('./mobile-menu').then((module) => module.MobileMenu), { ssr: false });

/** Pages without sidebar: those of people who are not signed in. */
const BARE = new Set(['/sign-in', '/setup']);

/** What stands around every page. */
export function AppShell({ children }: { children: ReactNode }) {
  return BARE.has(usePathname()) ? children : <Frame>{children}</Frame>;
}

function Frame({ children }: { children: ReactNode }) {
  const [palette, setPalette] = useState(false);
  const [pausing, setPausing] = useState<{ entity: string; name: string }>();
  const [sheet, setSheet] = useState(false);
  const [menu, setMenu] = useState(false);
  const { entity, role } = useCurrentEntity();
  useLive(entity === undefined ? [] : [`entity:${entity}`]);
  useShortcutListener();
  useShortcut(
    { keys: 'mod+k', description: 'Search and commands', group: 'Everywhere' },
    () => setPalette((open) => !open),
    { everywhere: true },
  );
  useShortcut({ keys: '?', description: 'Keyboard shortcuts', group: 'Everywhere' }, () => setSheet(true));
  useShortcut({ keys: '/', description: 'Search the list', group: 'Everywhere' }, () =>
    document.querySelector<HTMLInputElement>('input[data-search]')?.focus(),
  );
  return (
    <div className="flex min-h-dvh">
      <a
        href="#page"
        className="sr-only z-[80] rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 border-r border-line bg-surface lg:block">
        <Sidebar />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-canvas px-4 sm:px-6">
          <IconButton label="Pages" className="-ml-2 lg:hidden" onClick={() => setMenu(true)}>
            <Menu aria-hidden />
          </IconButton>
          <Breadcrumbs />
          <div className="ml-auto flex shrink-0 items-center gap-1.5">
            <ReloadNotice />
            <LiveBadge />
            <button
              type="button"
              onClick={() => setPalette(true)}
              aria-label="Search and commands"
              className="flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-xs text-muted hover:bg-hover max-sm:border-transparent max-sm:bg-transparent max-sm:px-2"
            >
              <Search className="size-4 sm:size-3.5" aria-hidden />
              <span className="max-sm:hidden">Search</span>
              <Kbd keys="mod+k" className="max-sm:hidden" />
            </button>
            <ThemeSwitch />
            <UserMenu onShortcuts={() => setSheet(true)} />
          </div>
        </header>
        <main
          id="page"
          tabIndex={-1}
          className="mx-auto flex w-full max-w-[96rem] flex-1 flex-col px-4 py-5 outline-none sm:px-6"
        >
          {children}
        </main>
      </div>
      {entity !== undefined && <PageKeys entity={entity} role={role} />}
      {palette && (
        <CommandPalette
          onClose={() => setPalette(false)}
          onPauseQueue={setPausing}
          onShortcuts={() => setSheet(true)}
        />
      )}
      {pausing !== undefined && (
        <PauseQueueDialog queue={pausing} open onOpenChange={() => setPausing(undefined)} />
      )}
      {sheet && <ShortcutsSheet open={sheet} onOpenChange={setSheet} />}
      {menu && <MobileMenu onClose={() => setMenu(false)} />}
      <Suspense>
        <LaunchDrawerHost />
        {entity !== undefined && <LaunchKey entity={entity} />}
      </Suspense>
    </div>
  );
}

function PageKeys({ entity, role }: { entity: string; role: RoleName | undefined }) {
  const router = useRouter();
  return pagesFor(role).map(({ id, label, href, shortcut }) =>
    shortcut === undefined ? null : (
      <PageKey
        key={id}
        keys={`g ${shortcut}`}
        label={label}
        go={() => router.push(href(encodeURIComponent(entity)))}
      />
    ),
  );
}

function PageKey({ keys, label, go }: { keys: string; label: string; go: () => void }) {
  useShortcut({ keys, description: label, group: 'Go to' }, go);
  return null;
}

function LaunchKey({ entity }: { entity: string }) {
  const router = useRouter();
  const launchHref = useLaunchHref();
  useShortcut({ keys: 'l', description: 'Launch a run', group: 'Everywhere' }, () =>
    router.push(launchHref({ entity }), { scroll: false }),
  );
  return null;
}
