import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { chooseAccount } from '../../src/store/embedded-account.ts';

test('the account reaches a program below a directory that is closed to others, by access check and by execution', async (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'cordon-closed-'));
  const program = path.join(directory, 'program');
  writeFileSync(program, '#!/bin/sh\nid -u\n');
  chmodSync(program, 0o755);
  const { ids, prefix } = await chooseAccount([program]);
  const check = `test -r ${program} && test -x ${program} && ${program}`;
  const result = spawnSync('/usr/bin/env', [...prefix, '/bin/sh', '-c', check], {
    cwd: '/',
    encoding: 'utf8',
    ...(prefix.length > 0 ? {} : ids),
  });
  t.is(result.status, 0, result.stderr);
  t.is(result.stdout.trim(), String(ids?.uid ?? process.getuid?.()));
  if (process.getuid?.() === 0) t.not(result.stdout.trim(), '0');
});
