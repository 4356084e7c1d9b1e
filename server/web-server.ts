import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import type { ServerConfig } from './config';
import type { HttpApp } from './http';
import { requestAddress } from './http/client-address';
import { preparePage, setCommonHeaders, setFileHeaders, setInterfaceHeaders } from './page-headers';
import { isSecure } from './session-cookie';

/** Everything else is a page, or a file of one. */
const INTERFACE =
  /^\/(?:api\/(?!auth(?:\/|$|\?))|healthz(?:$|\?)|readyz(?:$|\?)|metrics(?:$|\?))|^\/api\/?(?:$|\?)/;
/** Files of pages, by the name of their content. */
const FILE = /^\/_next\/static\//;
/** Largest body of a sign-in, bytes. */
const MAX_FORM_BYTES = 64 * 1024;
/** Longest an upload of an archive may take to arrive, milliseconds: 512 MiB over a slow line. */
const UPLOAD_MS = 3_600_000;
/** Longest an upload may stand still, milliseconds. */
const UPLOAD_IDLE_MS = 60_000;
/** Longest any other request may take to arrive, milliseconds. Answers may take as long as they like: long polls 30 s, event streams for ever. */
const ARRIVAL_MS = 60_000;
const UPLOAD = /^\/api\/v1\/entities\/[^/]+\/artifacts\//;
/** How long requests in hand may go on after a stop was asked for, milliseconds. */
const DRAIN_MS = 20_000;

/** What serves the pages. */
export interface Pages {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** In development: takes the socket over which browsers hear of changed code. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}
export interface WebServer {
  /** The address as it listens, with the port that it got. */
  address: { host: string; port: number };
  /** Ends streams and long polls, after SLIPWAY_DRAIN_SECONDS takes no new connection, lets requests finish, then closes what is left. */
  stop(): Promise<void>;
}

/** One listener for all: the interface by Hono, pages and sign-in by Next. */
export async function startWebServer(
  config: ServerConfig,
  app: HttpApp,
  pages: Pages,
  log: Logger,
): Promise<WebServer> {
  const dev = pages.upgrade !== undefined;
  const https = isSecure(config.SLIPWAY_BASE_URL);
  const interfaceListener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  let stopping = false;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setCommonHeaders(response, { https });
    limitArrival(request, response);
    if (stopping) response.setHeader('Connection', 'close');
    if (INTERFACE.test(request.url ?? '/')) {
      setInterfaceHeaders(response);
      await interfaceListener(request, response);
      return;
    }
    if (!acceptsBody(request, response)) return;
    if (!dev && FILE.test(request.url ?? '')) setFileHeaders(response);
    else preparePage(request, response, { dev, https, address: requestAddress(request, config) });
    await pages.handle(request, response);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url?.split('?')[0] }, 'a request failed');
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end('Something went wrong on the server.\n');
    });
  });
  // Without a listener Node takes a request that offers an upgrade (some clients always offer h2c) for an ordinary one.
  const upgraded = new Set<Duplex>();
  if (pages.upgrade) server.on('upgrade', takeOver(pages.upgrade, upgraded));
  // Longest an upload may take to arrive; for other requests see `limitArrival`.
  server.requestTimeout = UPLOAD_MS;
  server.headersTimeout = 15_000;
  // Longer than the idle timeouts of the usual proxies, which would otherwise reuse a connection just as it closes.
  server.keepAliveTimeout = 75_000;

  await listen(server, config);
  const bound = server.address();
  return {
    address: {
      host: config.SLIPWAY_HOST,
      port: typeof bound === 'object' && bound ? bound.port : config.SLIPWAY_PORT,
    },
    stop: async () => {
      stopping = true;
      app.beginShutdown();
      // A connection that waits to be accepted is reset when the listener closes: nobody should be sending any by then.
      await delay(config.SLIPWAY_DRAIN_SECONDS * 1000);
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      // Node does not count these among its connections, but waits for them.
      for (const socket of upgraded) socket.destroy();
      // Connections whose last request ends from now on would otherwise stay open, idle, for the keep-alive time.
      const sweep = setInterval(() => {
        server.closeIdleConnections();
      }, 50);
      const deadline = setTimeout(() => {
        log.warn('requests were still running at the end of the grace time; their connections are closed');
        server.closeAllConnections();
      }, DRAIN_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
      app.close();
    },
  };
}

/** Ends requests that arrive too slowly: they would keep a connection for nothing. */
function limitArrival(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.method === 'PUT' && UPLOAD.test(request.url ?? '')) {
    request.setTimeout(UPLOAD_IDLE_MS, () => request.destroy());
    response.once('close', () => request.setTimeout(0));
    return;
  }
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, ARRIVAL_MS);
  timer.unref();
  response.once('close', () => {
    clearTimeout(timer);
  });
}

function takeOver(upgrade: NonNullable<Pages['upgrade']>, upgraded: Set<Duplex>) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    upgrade(request, socket, head);
  };
}

/** Pages take no uploads: a sign-in is small, and of known length. */
function acceptsBody(request: IncomingMessage, response: ServerResponse): boolean {
  const length = request.headers['content-length'];
  const tooLarge = length !== undefined && Number(length) > MAX_FORM_BYTES;
  if (!tooLarge && request.headers['transfer-encoding'] === undefined) return true;
  response.writeHead(tooLarge ? 413 : 411, { 'Content-Type': 'text/plain', Connection: 'close' });
  response.end(
    tooLarge
      ? `The body is larger than ${MAX_FORM_BYTES} bytes.\n`
      : 'Send the body with a Content-Length.\n',
  );
  return false;
}

function listen(server: Server, { SLIPWAY_PORT, SLIPWAY_HOST }: ServerConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${SLIPWAY_PORT} of ${SLIPWAY_HOST} is taken. Set SLIPWAY_PORT to another.`)
          : error,
      );
    });
    server.listen(SLIPWAY_PORT, SLIPWAY_HOST, resolve);
  });
}
