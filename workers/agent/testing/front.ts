import {
  createServer,
  request as ask,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request itself, or lets it be passed on to what is behind. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => 'answered' | 'pass-on';

/** A front on loopback before a real service, at the wire, that passes everything on but what a test breaks. */
export class Front {
  private constructor(
    readonly host: string,
    readonly stop: () => void,
  ) {}

  /** @param target where the service is: host and port, or socketPath */
  static async start(target: RequestOptions, intercept: Intercept): Promise<Front> {
    const server = createServer((request, response) => {
      if (intercept(request, response) === 'answered') {
        request.resume();
        return;
      }
      const { method, url: path, headers } = request;
      // The headers as they are: a registry makes the addresses of uploads of the host that it was asked for.
      const passed = ask({ ...target, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        response.flushHeaders();
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      request.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Front(`127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.closeAllConnections();
      server.close();
    });
  }
}
