import { redirect } from 'next/navigation';
import { currentActor, requestedPath, setupIsNeeded } from '@/server/session';

const OPEN = new Set(['/sign-in', '/setup']);

/** Leads people who are not signed in to the sign-in page, and a fresh installation to its set-up. Called by the root layout. */
export async function passGate(): Promise<void> {
  const path = await requestedPath();
  const pathname = path.split('?')[0] ?? '/';
  if (await setupIsNeeded()) {
    if (pathname !== '/setup') redirect('/setup');
    return;
  }
  if (pathname === '/setup') redirect('/');
  if (OPEN.has(pathname)) return;
  if ((await currentActor()) === null)
    redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
}
