import test from 'ava';
import { openaiDeleteChat, openaiRetrieveChat } from '../../src/dialects/openai-chat-stored.ts';
import { openaiCancelResponse, openaiInputItems } from '../../src/dialects/openai-responses-stored.ts';

const DIALECTS = [openaiRetrieveChat, openaiDeleteChat, openaiCancelResponse, openaiInputItems];

test('an id is one step of a path, whatever a runner called what it stored', (t) => {
  for (const dialect of DIALECTS) {
    for (const id of ['.', '..', '../models', 'a/b', 'a?b', 'a%2fb', 'a#b', '', ' ', 'a\n']) {
      const source = JSON.stringify({ id });
      t.throws(() => dialect.parseRequest(source), { code: 'shape_unknown' }, `${dialect.path} ${id}`);
    }
    for (const id of ['...', 'a..b', '.a', 'resp_1:2-3']) {
      const { target } = dialect.parseRequest(JSON.stringify({ id }));
      t.is(
        new URL(`http://runner/v1${target?.path ?? ''}`).pathname,
        `/v1${dialect.path.replace(':id', id)}`.replace(':', encodeURIComponent(':')),
        id,
      );
    }
  }
});
