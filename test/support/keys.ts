import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { type DekOwner, type DekStore, RetiredKekError, type StoredDek } from '../../src/crypto/deks.ts';
import { formatDocument, newDocument } from '../../src/crypto/keyring-document.ts';
import { type KekStore, type KekUsage, KeyRefusal } from '../../src/crypto/kek-keeper.ts';
import { type Kek } from '../../src/crypto/keyring.ts';
import { type KeyringStorage } from '../../src/crypto/local-keyring.ts';

/** A keyring's text in memory, which several keyrings may share as processes share a file. */
export interface MemoryStorage extends KeyringStorage {
  text: string;
  reads: number;
}

export function memoryStorage(nowMs = 0): MemoryStorage {
  const storage: MemoryStorage = {
    description: 'memory',
    text: formatDocument(newDocument(nowMs)),
    reads: 0,
    read() {
      storage.reads += 1;
      return Promise.resolve(storage.text);
    },
    replace(before, after) {
      if (storage.text !== before) return Promise.reject(new Error('changed meanwhile'));
      storage.text = after;
      return Promise.resolve();
    },
  };
  return storage;
}

export function owner(kind: DekOwner['kind'] = 'tenant', tenant = 'acme', period = '2026-11-01'): DekOwner {
  return { kind, tenant, reference: Buffer.alloc(kind === 'subject' ? 32 : 0, 5), period };
}

interface MemoryRow {
  stored: StoredDek;
  readonly name: string;
  uses: number;
  generation: number;
  /** As cordon.deks.kek, which outlives the wrapped bytes. */
  kek: string;
}

export interface MemoryDeks extends DekStore, KekStore {
  readonly rows: Map<string, MemoryRow>;
  /** What an erasure does. */
  erase(id: string): void;
}

/** The rules of cordon.deks and cordon.keks, in memory. */
export function memoryDeks(): MemoryDeks {
  const rows = new Map<string, MemoryRow>();
  const keks = new Map<
    string,
    { createdMs?: number; seenMs: number; retiredMs?: number; destroyedMs?: number }
  >();
  let locked = false;
  const isRetired = (id: string): boolean => keks.get(id)?.retiredMs !== undefined;
  const nameOf = (dek: StoredDek): string =>
    JSON.stringify([dek.owner.kind, dek.owner.tenant, dek.owner.reference.toString('hex'), dek.owner.period]);
  const newest = (like: StoredDek): MemoryRow | undefined => {
    const name = nameOf(like);
    return [...rows.values()]
      .filter((row) => row.name === name)
      .sort((a, b) => b.generation - a.generation)[0];
  };
  return {
    rows,
    erase(id) {
      const row = rows.get(id);
      if (row !== undefined) row.stored = { ...row.stored, wrapped: undefined };
    },
    lease(wanted, uses, maxUses) {
      const row = newest({ id: '', owner: wanted, wrapped: undefined });
      if (row?.stored.wrapped === undefined || row.uses + uses > maxUses) return Promise.resolve(undefined);
      row.uses += uses;
      return Promise.resolve(row.stored);
    },
    add(dek, wrapped) {
      if (isRetired(wrapped.kek)) return Promise.reject(new RetiredKekError('retired'));
      const generation = (newest(dek)?.generation ?? 0) + 1;
      rows.set(dek.id, {
        stored: { ...dek, wrapped },
        name: nameOf(dek),
        uses: 0,
        generation,
        kek: wrapped.kek,
      });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(rows.get(id)?.stored),
    async exclusively(use) {
      if (locked) throw new KeyRefusal('another process is changing keys');
      locked = true;
      try {
        return await use();
      } finally {
        locked = false;
      }
    },
    usage() {
      const ids = new Set([...keks.keys(), ...[...rows.values()].map(({ kek }) => kek)]);
      return Promise.resolve(
        [...ids].map((id): KekUsage => {
          const of = [...rows.values()].filter(({ kek }) => kek === id);
          const living = of.filter(({ stored }) => stored.wrapped !== undefined);
          const { createdMs, seenMs, retiredMs, destroyedMs } = keks.get(id) ?? {};
          const oldest = living.map(({ stored }) => stored.owner.period).sort()[0];
          const erased = of.length - living.length;
          return { id, living: living.length, erased, oldest, createdMs, seenMs, retiredMs, destroyedMs };
        }),
      );
    },
    see(kek: Kek, nowMs) {
      if (keks.has(kek.id)) return Promise.resolve(false);
      keks.set(kek.id, {
        seenMs: nowMs,
        ...(kek.createdMs === undefined ? {} : { createdMs: kek.createdMs }),
      });
      return Promise.resolve(true);
    },
    wrappedBy(kek, afterId, limit) {
      const found = [...rows.values()]
        .filter(({ stored }) => stored.wrapped?.kek === kek && stored.id > afterId)
        .sort((a, b) => (a.stored.id < b.stored.id ? -1 : 1));
      return Promise.resolve(found.slice(0, limit).map(({ stored }) => stored));
    },
    rewrap(changes) {
      if (changes.some(({ after }) => isRetired(after.kek))) return Promise.reject(new Error('retired'));
      let count = 0;
      for (const { id, before, after } of changes) {
        const row = rows.get(id);
        const now = row?.stored.wrapped;
        if (row === undefined || now?.kek !== before.kek || !now.bytes.equals(before.bytes)) continue;
        row.stored = { ...row.stored, wrapped: after };
        row.kek = after.kek;
        count += 1;
      }
      return Promise.resolve(count);
    },
    retire(kek, nowMs) {
      const living = [...rows.values()].filter(({ stored }) => stored.wrapped?.kek === kek).length;
      if (living === 0) keks.set(kek, { seenMs: nowMs, ...keks.get(kek), retiredMs: nowMs });
      return Promise.resolve(living);
    },
    markDestroyed(kek, nowMs) {
      keks.set(kek, { seenMs: nowMs, ...keks.get(kek), destroyedMs: nowMs });
      return Promise.resolve();
    },
  };
}

export function newRsaKey(bits = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

export function newEcKey(namedCurve = 'P-256'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

const { asn1, pki } = forge;

function sequence(...parts: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, parts);
}

function octets(bytes: string): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, bytes);
}

function oid(name: string): forge.asn1.Asn1 {
  const der = asn1.oidToDer(pki.oids[name] ?? name).getBytes();
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, der);
}

function integer(value: number): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

function tagged(content: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.CONTEXT_SPECIFIC, asn1.Type.NONE, true, [content]);
}

/**
 * A PKCS #12 file as OpenSSL 3 makes it: keys under PBES2 (PBKDF2 with HMAC-SHA-256, AES-256-CBC), MAC with SHA-256.
 */
export function modernPkcs12(keys: readonly KeyObject[], password: string): Buffer {
  const bags = keys.map((key) => {
    const der = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password });
    return sequence(oid('pkcs8ShroudedKeyBag'), tagged(asn1.fromDer(der.toString('latin1'))));
  });
  const data = (content: string): forge.asn1.Asn1 => sequence(oid('data'), tagged(octets(content)));
  const safe = asn1.toDer(sequence(data(asn1.toDer(sequence(...bags)).getBytes()))).getBytes();
  const salt = randomBytes(8).toString('latin1');
  const macKey = forge.pkcs12.generateKey(
    password,
    forge.util.createBuffer(salt),
    3,
    2048,
    32,
    forge.md.sha256.create(),
  );
  const mac = forge.hmac.create();
  mac.start('sha256', macKey);
  mac.update(safe);
  const nothing = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.NULL, false, '');
  const digest = sequence(sequence(oid('sha256'), nothing), octets(mac.getMac().getBytes()));
  const pfx = sequence(integer(3), data(safe), sequence(digest, octets(salt), integer(2048)));
  return Buffer.from(asn1.toDer(pfx).getBytes(), 'latin1');
}

/** A PKCS #12 file as older programs make it: MAC with SHA-1, with a certificate. RSA only. */
export function legacyPkcs12(
  key: KeyObject,
  password: string,
  algorithm: '3des' | 'aes256' = '3des',
): Buffer {
  const pem = key.export({ type: 'pkcs1', format: 'pem' }).toString();
  const pair = pki.privateKeyFromPem(pem);
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.setRsaPublicKey(pair.n, pair.e);
  certificate.sign(pair, forge.md.sha256.create());
  const pfx = forge.pkcs12.toPkcs12Asn1(pair, certificate, password, { algorithm });
  return Buffer.from(asn1.toDer(pfx).getBytes(), 'latin1');
}
