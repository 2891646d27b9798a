import { startEmbeddedPostgres } from '../../src/store/embedded.ts';

/** A process that starts a server and holds it until it is killed; prints the server's process id. */
const server = await startEmbeddedPostgres({ directory: process.argv[2] ?? '', log: () => undefined });
process.stdout.write(`${server.pid}\n`);
setInterval(() => undefined, 60_000);
