import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { LIMITS } from '../domain/limits.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Until a request has been received whole. */
  readonly requestTimeoutMs: number;
  /** Certificate chain and private key, PEM; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface Listener {
  readonly url: string;
  /** Takes no further connections and closes idle ones. */
  refuse(): void;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/** An HTTP/1.1 server with a limit on everything that a caller can make it wait for or hold. */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
  options: ListenOptions,
): Promise<Listener> {
  const settings = {
    maxHeaderSize: LIMITS.headerBytes,
    headersTimeout: Math.min(10_000, options.requestTimeoutMs),
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 1_000,
  };
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    // One call at a time on a connection. A pipelined request has no socket until the answer before it is out; begun
    // earlier, it would never be told that the connection broke, and would hold its place for ever.
    if (response.socket === null) response.once('socket', () => handler(request, response));
    else handler(request, response);
  };
  const server: Server =
    options.tls === undefined
      ? createServer(settings, take)
      : createTlsServer(
          { ...settings, ...options.tls, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 },
          take,
        );
  // A connection that cannot be accepted (no memory, no buffers) is the caller's loss, not the end of the process.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  let closed: Promise<void> | undefined;
  const refuse = (): void => {
    closed ??= new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    server.closeIdleConnections();
  };
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    refuse,
    close(): Promise<void> {
      refuse();
      server.closeAllConnections();
      return closed ?? Promise.resolve();
    },
  };
}
