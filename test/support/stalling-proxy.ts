import { connect, createServer, type Socket } from 'node:net';

export interface StallingProxy {
  /** `url` with this proxy in between. */
  through(url: string): string;
  /** From now on nothing the database says is passed on; connections stay open. */
  stallAnswers(): void;
  resume(): void;
  close(): Promise<void>;
}

/** A network that can fall silent: what a hung database looks like from here. */
export async function startStallingProxy(port: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  const answers = new Set<Socket>();
  let stalled = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        answers.delete(from);
        // A silent network does not tell the far side that the near one hung up, either.
        if (!stalled) to.destroy();
      });
      from.on('data', (chunk) => to.write(chunk));
    }
    answers.add(far);
    if (stalled) far.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const ownPort = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    through(url) {
      const changed = new URL(url);
      changed.port = String(ownPort);
      return changed.href;
    },
    stallAnswers() {
      stalled = true;
      for (const socket of answers) socket.pause();
    },
    resume() {
      stalled = false;
      for (const socket of answers) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
