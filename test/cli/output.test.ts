import test from 'ava';
import fc from 'fast-check';
import { visible } from '../../src/cli/output.ts';

test('what another person wrote cannot move the cursor or turn the line of who reads it', (t) => {
  t.is(visible('ok\u001b[2K\u001b[1Aapproved'), 'ok\\u001b[2K\\u001b[1Aapproved');
  t.is(visible('deny\rallow'), 'deny\\u000dallow');
  t.is(visible('a\u202eb\u2066c\u009bd'), 'a\\u202eb\\u2066c\\u009bd');
  t.is(
    visible('lines\r\nand\ttabs\nstay, 中文 and émigrés 👍 too'),
    'lines\r\nand\ttabs\nstay, 中文 and émigrés 👍 too',
  );
});

test('nothing that is printed holds a sign that a terminal obeys', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      t.notRegex(visible(text).replaceAll('\r\n', '\n'), /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
