import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { type SignedCheckpoint } from '../../src/ledger/tree/checkpointer.ts';
import { readNotes } from '../../src/ledger/tree/notes.ts';
import { fileSink } from '../../src/witness/file.ts';
import { syslogSink } from '../../src/witness/syslog.ts';
import { webhookSink } from '../../src/witness/webhook.ts';

const NOTE = 'cordon/0190a1b2\n12\ncm9vdA==\n\n— cordon AAAA\n';
const checkpoint = (size: number): SignedCheckpoint => ({
  chain: '0190a1b2',
  size,
  atMs: 1_700_000_000_000,
  note: NOTE.replace('12', String(size)),
});
const patient = (): AbortSignal => AbortSignal.timeout(10_000);

function folder(t: ExecutionContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'cordon-sink-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

async function listening(t: ExecutionContext, server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function notesOf(content: string): Promise<readonly string[]> {
  const notes: string[] = [];
  for await (const note of readNotes(content.split('\n'))) notes.push(note);
  return notes;
}

test('the file holds every note, one behind the other, and is read back', async (t) => {
  const file = path.join(folder(t), 'checkpoints.txt');
  const sink = fileSink(file);
  await sink.publish(checkpoint(1), patient());
  await sink.publish(checkpoint(2), patient());
  t.deepEqual(await notesOf(readFileSync(file, 'utf8')), [checkpoint(1).note, checkpoint(2).note]);
});

test('a note that was cut short in the file is not given out, and hides no other', async (t) => {
  for (const length of [3, 20, checkpoint(1).note.indexOf('\n\n') + 1]) {
    const cut = `\n\n${checkpoint(1).note.slice(0, length)}\n\n${checkpoint(2).note}\n\n${checkpoint(3).note}`;
    t.deepEqual(await notesOf(cut), [checkpoint(2).note, checkpoint(3).note]);
  }
  t.deepEqual(await notesOf(`${checkpoint(1).note}\n${checkpoint(2).note.slice(0, 20)}`), [
    checkpoint(1).note,
  ]);
});

test('a symbolic link in place of the file is refused', async (t) => {
  const directory = folder(t);
  writeFileSync(path.join(directory, 'elsewhere'), '');
  symlinkSync(path.join(directory, 'elsewhere'), path.join(directory, 'link'));
  await t.throwsAsync(fileSink(path.join(directory, 'link')).publish(checkpoint(1), patient()));
  t.is(readFileSync(path.join(directory, 'elsewhere'), 'utf8'), '');
});

test('the webhook gets the note with its token, and only 2xx counts', async (t) => {
  const received: unknown[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { authorization, 'content-type': type, 'idempotency-key': key } = request.headers;
      received.push({ method: request.method, authorization, type, key, body });
      response.statusCode = status;
      response.end();
    });
  });
  const port = await listening(t, server);
  const sink = webhookSink({ url: `http://127.0.0.1:${port}/hook`, token: 'secret' });
  t.is(sink.name, `webhook:http://127.0.0.1:${port}`);
  await sink.publish(checkpoint(5), patient());
  t.deepEqual(received, [
    {
      method: 'POST',
      authorization: 'Bearer secret',
      type: 'text/plain; charset=utf-8',
      key: '0190a1b2-5',
      body: checkpoint(5).note,
    },
  ]);
  for (status of [302, 401, 500]) await t.throwsAsync(sink.publish(checkpoint(6), patient()));
});

test('a webhook or collector that does not answer is given up by its signal', async (t) => {
  const port = await listening(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      t.teardown(() => socket.destroy());
    }),
  );
  const soon = (): AbortSignal => AbortSignal.timeout(50);
  await t.throwsAsync(webhookSink({ url: `http://127.0.0.1:${port}/` }).publish(checkpoint(1), soon()), {
    any: true,
  });
  await t.throwsAsync(syslogSink({ host: '127.0.0.1', port, tls: true }).publish(checkpoint(1), soon()));
});

test('a syslog collector gets one RFC 5424 message framed by its length, from which the note is read back', async (t) => {
  let received = '';
  const arrived = new Promise<void>((resolve) => {
    const server = createTcpServer((socket) => {
      void text(socket).then((content) => {
        received = content;
        resolve();
      });
    });
    void listening(t, server).then(async (port) => {
      await syslogSink({ host: '127.0.0.1', port, tls: false }).publish(checkpoint(7), patient());
    });
  });
  await arrived;
  const [length = '', ...rest] = received.split(' ');
  const message = rest.join(' ');
  t.is(Buffer.byteLength(message), Number(length));
  t.regex(message, /^<110>1 2023-11-14T22:13:20\.000Z \S+ cordon - checkpoint - cordon\/0190a1b2\|7\|/);
  t.deepEqual(await notesOf(message), [checkpoint(7).note]);
});
