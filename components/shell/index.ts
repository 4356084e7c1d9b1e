export { AppShell } from './app-shell';
export { Providers } from './providers';
