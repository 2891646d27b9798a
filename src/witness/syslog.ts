import { connect } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { type CheckpointSink } from '../ledger/tree/outlet.ts';

/** Facility 13 (log audit), severity 6 (informational): RFC 5424 §6.2.1. */
const PRIORITY = 13 * 8 + 6;

export interface SyslogOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/**
 * Sends each checkpoint as one RFC 5424 message, framed by its length (RFC 6587), over TCP or TLS (RFC 5425). Lines of
 * the note are joined by a vertical bar, which no line of a checkpoint holds. A collector does not acknowledge: what
 * counts as kept is that it took the bytes and closed the connection in order.
 */
export function syslogSink({ host, port, tls }: SyslogOptions): CheckpointSink {
  return {
    name: `syslog:${host}:${port}`,
    async publish({ note, atMs }, signal): Promise<void> {
      const line = note.trimEnd().split('\n').join('|');
      const time = new Date(atMs).toISOString();
      const message = `<${PRIORITY}>1 ${time} ${hostname().slice(0, 255)} cordon - checkpoint - ${line}`;
      await send({ host, port, tls }, `${Buffer.byteLength(message)} ${message}`, signal);
    },
  };
}

async function send(to: SyslogOptions, frame: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = to.tls
      ? connectTls({ host: to.host, port: to.port, servername: to.host })
      : connect({ host: to.host, port: to.port });
    const abort = (): void => {
      socket.destroy(new Error('given up'));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', reject);
    socket.on('close', (failed: boolean) => {
      signal.removeEventListener('abort', abort);
      if (failed) reject(new Error('the connection broke'));
      else resolve();
    });
    socket.resume();
    socket.end(frame);
  });
}
