import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What goes wrong in front of the registry: a layer is cut off, and (but for `once`) there is no registry behind the front from then on;
 * or the manifest is not taken.
 */
export type RegistryFault = 'layer-cut' | 'layer-cut-once' | 'manifest-500';

/** Bytes of a layer that come through before the connection is cut. */
const CUT_AFTER = 64 * 1024;

/** A front before a registry, as a load balancer is, that passes everything on until it is told to break. */
export class BreakingRegistry {
  fault: RegistryFault | null = null;
  /** Connections that were cut amid a layer, and manifests that were refused. */
  broken = 0;
  private readonly server = createServer((request, response) => this.handle(request, response));

  private constructor(private readonly target: string) {}

  static async start(target: string): Promise<BreakingRegistry> {
    const self = new BreakingRegistry(target);
    await new Promise<void>((resolve) => self.server.listen(0, '127.0.0.1', resolve));
    return self;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '' } = request;
    if (this.fault === 'manifest-500' && method === 'PUT' && url.includes('/manifests/')) {
      this.broken++;
      request.resume();
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"errors":[{"code":"UNKNOWN","message":"the disk of the registry is away"}]}');
      return;
    }
    const isUpload = url.includes('/blobs/uploads/');
    if (this.fault === 'layer-cut' && isUpload && this.broken > 0) {
      request.resume();
      // As proxies say it whose service has no servers. An engine asks again for nearly a minute after 5xx.
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return;
    }
    const passed = forward(
      `http://${this.target}${url}`,
      // The registry makes the addresses of uploads of the host that it was asked for.
      { method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    if (isUpload && this.fault?.startsWith('layer-cut') && method === 'PATCH')
      this.cut(request, request.socket);
    request.pipe(passed);
  }

  private cut(request: IncomingMessage, socket: Socket): void {
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes < CUT_AFTER || socket.destroyed) return;
      if (this.fault === 'layer-cut-once') this.fault = null;
      this.broken++;
      socket.destroy();
    });
  }
}
