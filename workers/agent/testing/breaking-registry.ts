import type { IncomingMessage, ServerResponse } from 'node:http';
import { Front } from './front';

/**
 * What goes wrong in front of the registry: a layer is cut off, and (but for `once`) there is no registry behind the front from then on;
 * or the manifest is not taken; or a push does not make the repository.
 */
export type RegistryFault = 'layer-cut' | 'layer-cut-once' | 'manifest-500' | 'no-repository';

/** Bytes of a layer that come through before the connection is cut. */
const CUT_AFTER = 64 * 1024;

/** A front before a registry, as a load balancer is, that breaks as it is told. */
export class BreakingRegistry {
  fault: RegistryFault | null = null;
  /** Connections that were cut amid a layer, and manifests that were refused. */
  broken = 0;
  host = '';
  private front: Front | undefined;

  static async start(target: string): Promise<BreakingRegistry> {
    const self = new BreakingRegistry();
    const [host, port] = target.split(':');
    self.front = await Front.start({ host, port }, (request, response) => self.intercept(request, response));
    self.host = self.front.host;
    return self;
  }

  stop(): void {
    this.front?.stop();
  }

  private intercept(request: IncomingMessage, response: ServerResponse): 'answered' | 'pass-on' {
    const { method, url = '' } = request;
    if (this.fault === 'manifest-500' && method === 'PUT' && url.includes('/manifests/')) {
      this.broken++;
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"errors":[{"code":"UNKNOWN","message":"the disk of the registry is away"}]}');
      return 'answered';
    }
    if (!url.includes('/blobs/uploads/')) return 'pass-on';
    if (this.fault === 'no-repository') {
      this.broken++;
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"errors":[{"code":"NAME_UNKNOWN","message":"Repository \\"images\\" not found"}]}');
      return 'answered';
    }
    if (this.fault === 'layer-cut' && this.broken > 0) {
      // As proxies say it whose service has no servers. An engine asks again for nearly a minute after 5xx.
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return 'answered';
    }
    if (method === 'PATCH' && this.fault?.startsWith('layer-cut')) this.cut(request);
    return 'pass-on';
  }

  private cut(request: IncomingMessage): void {
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes < CUT_AFTER || request.socket.destroyed) return;
      if (this.fault === 'layer-cut-once') this.fault = null;
      this.broken++;
      request.socket.destroy();
    });
  }
}
