import { request } from 'undici';
import { type CheckpointSink } from '../ledger/tree/outlet.ts';

/** POSTs each checkpoint as text/plain, with the bearer token when there is one. Anything but 2xx is a failure. */
export function webhookSink(options: {
  readonly url: string;
  readonly token?: string | undefined;
}): CheckpointSink {
  const { origin } = new URL(options.url);
  return {
    name: `webhook:${origin}`,
    async publish({ note, chain, size }, signal): Promise<void> {
      const { statusCode, body } = await request(options.url, {
        method: 'POST',
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'idempotency-key': `${chain}-${size}`,
          ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        },
        body: note,
        signal,
      });
      await body.dump({ limit: 64 * 1024, signal });
      if (statusCode < 200 || statusCode > 299) throw new Error(`the webhook answered ${statusCode}`);
    },
  };
}
