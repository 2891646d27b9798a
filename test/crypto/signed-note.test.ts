import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {
  createNoteSigner,
  formatVerifier,
  openNote,
  parseVerifier,
  signNote,
} from '../../src/crypto/signed-note.ts';

const newKey = () => generateKeyPairSync('ed25519').privateKey;

// The example of Go's golang.org/x/mod/sumdb/note, which others follow.
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const QUOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNED = `${QUOTE}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

test('a note that another implementation signed opens', (t) => {
  const verifier = parseVerifier(NEUMANN);
  t.is(formatVerifier(verifier), NEUMANN);
  t.is(openNote(SIGNED, [verifier])?.text, QUOTE);
});

test('a note opens with the key that signed it, and with no other', (t) => {
  const signer = createNoteSigner('log.example', newKey());
  const note = signNote('one\ntwo\n', signer);
  t.is(openNote(note, [parseVerifier(formatVerifier(signer))])?.text, 'one\ntwo\n');
  t.is(openNote(note, [createNoteSigner('log.example', newKey())]), undefined);
  t.is(openNote(note, []), undefined);
});

test('a signature of somebody unknown beside ours changes nothing', (t) => {
  const signer = createNoteSigner('log.example', newKey());
  const other = createNoteSigner('witness.example', newKey());
  const note = signNote('text\n', signer);
  const [, line = ''] = signNote('text\n', other).split('\n\n');
  t.is(openNote(note + line, [signer])?.by, signer);
  t.is(openNote(`${note.slice(0, note.indexOf('\n\n') + 2)}${line}`, [signer]), undefined);
});

test('no change of a character leaves a note that opens to another text', (t) => {
  const signer = createNoteSigner('log.example', newKey());
  const note = signNote('origin/chain\n12\nroot\n', signer);
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      const changed = note.slice(0, at) + character + note.slice(at + 1);
      const opened = openNote(changed, [signer]);
      t.true(opened === undefined || opened.text === 'origin/chain\n12\nroot\n');
    }),
  );
});

test('keys, names and texts that a note cannot have are refused', (t) => {
  t.throws(() => createNoteSigner('a b', newKey()));
  t.throws(() => createNoteSigner('a+b', newKey()));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  t.throws(() => createNoteSigner('name', createPrivateKey(rsa.export({ type: 'pkcs8', format: 'pem' }))));
  t.throws(() => parseVerifier(NEUMANN.replace('PeterNeumann', 'PeterNewman')));
  t.throws(() => parseVerifier('nothing'));
  t.throws(() => signNote('no line feed', createNoteSigner('name', newKey())));
  t.throws(() => signNote('a\tb\n', createNoteSigner('name', newKey())));
});
