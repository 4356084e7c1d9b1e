import { createServer } from 'node:http';
import type { Server } from 'node:http';
import path from 'node:path';
import next from 'next';
import { needsSetup, sessionActor, signInWithOidc, verifyPassword } from './access';
import { closeServices, createServices } from './bootstrap';
import { readBuild } from './build-id';
import { readServerConfig } from './config';
import type { ServerConfig } from './config';
import { installDoor } from './door';

import { createApp } from './http';
import type { Services } from './services';
import { startWebServer } from './web-server';
import type { Pages } from './web-server';

/** Folder with `.next` and `public`: the bundle lies in `dist/`, the source in `server/`. */
const PROJECT = path.resolve(import.meta.dirname, '..');

function openDoor(services: Services, config: ServerConfig): void {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  installDoor({
    baseUrl: config.SLIPWAY_BASE_URL,
    sessionSecret: config.NEXTAUTH_SECRET,
    oidc: issuer && clientId && clientSecret ? { issuer, clientId, clientSecret } : null,
    sessionActor: (userId, version) => sessionActor(services, userId, version),
    verifyPassword: (input) => verifyPassword(services, input),
    signInWithOidc: (input) => signInWithOidc(services, input),
    needsSetup: () => needsSetup(services),
  });
}

const passOn =
  (to: Server): NonNullable<Pages['upgrade']> =>
  (request, socket, head) => {
    if (!to.emit('upgrade', request, socket, head)) socket.destroy();
  };

async function main(): Promise<void> {
  const dev = process.argv.includes('--dev');
  const config = readServerConfig(process.env);
  // next-auth reads its own address from here only.
  process.env.NEXTAUTH_URL = config.SLIPWAY_BASE_URL;

  const services = await createServices(config, { role: 'server' });
  const { log } = services;
  openDoor(services, config);

  // Next hangs its upgrade listener on this server, which never listens: in development what is to be upgraded is passed on to it.
  const upgrades = createServer();
  const web = next({
    dev,
    dir: PROJECT,
    hostname: config.SLIPWAY_HOST,
    port: config.SLIPWAY_PORT,
    httpServer: upgrades,
  });
  await web.prepare();
  const app = createApp(services, { build: await readBuild(path.join(PROJECT, '.next', 'BUILD_ID')) });
  const pages = { handle: web.getRequestHandler(), ...(dev ? { upgrade: passOn(upgrades) } : {}) };
  const server = await startWebServer(config, app, pages, log);
  log.info({ ...server.address, baseUrl: config.SLIPWAY_BASE_URL }, 'listening');

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) {
      log.warn({ signal }, 'asked twice: stopping now');
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    server
      .stop()
      .then(() => web.close())
      .then(() => closeServices(services))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the stop was not clean');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
