import { mkdir } from 'node:fs/promises';
import { System } from './system';

/** One fresh installation for all browser tests: no user, no queue, no agent. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await mkdir('test-results', { recursive: true });
  const system = await System.start({ port: Number(process.env.SLIPWAY_E2E_PORT), admin: false });
  return async () => {
    await system.stop();
  };
}
