import { type KekService, KekServiceError } from '../crypto/kek-service.ts';
import { type Kek, UnusableKeyError, type WrappedKey } from '../crypto/keyring.ts';
import {
  asObject,
  createVaultClient,
  type VaultClient,
  type VaultClientOptions,
  VaultRefusal,
} from './client.ts';

export interface TransitOptions extends VaultClientOptions {
  /** Where the engine is mounted: `transit`. */
  readonly mount: string;
  /** Name of the key that wraps, of an AEAD type; each of its versions is a KEK. */
  readonly key: string;
  /** Name of the key that pseudonyms are made with; each of its versions is one of the index key. */
  readonly indexKey: string;
  /** The deployment: two that share an index key still make different pseudonyms. */
  readonly origin: string;
}

const AEAD: ReadonlySet<string> = new Set(['aes256-gcm96', 'chacha20-poly1305']);
const CIPHERTEXT = /^vault:v([1-9]\d{0,8}):[A-Za-z0-9+/]+={0,2}$/;
const HMAC = /^vault:v[1-9]\d{0,8}:([A-Za-z0-9+/]+={0,2})$/;
const INDEX_BYTES = 32;
const MAX_VERSIONS = 10_000;

interface KeyState {
  readonly type: string;
  readonly latest: number;
  /** Versions that can decrypt, ascending, with the time of their making. */
  readonly versions: readonly (readonly [number, number | undefined])[];
}

/**
 * HashiCorp Vault's transit engine as KEK service: https://developer.hashicorp.com/vault/api-docs/secret/transit.
 * The context is `associated_data`, which `rewrap` and `datakey` do not take, so neither is used: a data key is
 * re-wrapped by decrypting and encrypting it. The index key is an HMAC by Vault of a constant, so that Vault need not
 * be asked for each pseudonym and nothing has to be stored.
 */
export function createTransitService(options: TransitOptions): KekService {
  return new Transit(createVaultClient(options), options);
}

class Transit implements KekService {
  readonly description: string;
  readonly #client: VaultClient;
  readonly #options: TransitOptions;
  readonly #mount: string;

  constructor(client: VaultClient, options: TransitOptions) {
    this.#client = client;
    this.#options = options;
    this.#mount = options.mount.split('/').map(encodeURIComponent).join('/');
    this.description = `Vault transit key ${options.mount}/${options.key} at ${new URL(options.address).origin}`;
  }

  async wrap(key: Buffer, context: Buffer): Promise<WrappedKey> {
    const body = { plaintext: key.toString('base64'), associated_data: context.toString('base64') };
    const { ciphertext } = await this.#send('POST', `encrypt/${this.#name}`, true, body);
    const version = typeof ciphertext === 'string' ? CIPHERTEXT.exec(ciphertext)?.[1] : undefined;
    if (version === undefined) throw new KekServiceError('Vault answered with no ciphertext');
    return { kek: this.#id(Number(version)), bytes: Buffer.from(String(ciphertext), 'ascii') };
  }

  async unwrap(wrapped: WrappedKey, context: Buffer): Promise<Buffer> {
    const ciphertext = wrapped.bytes.toString('latin1');
    const version = CIPHERTEXT.exec(ciphertext)?.[1];
    if (version === undefined || wrapped.kek !== this.#id(Number(version))) {
      throw new UnusableKeyError('not wrapped by this key of Vault');
    }
    const body = { ciphertext, associated_data: context.toString('base64') };
    try {
      const { plaintext } = await this.#send('POST', `decrypt/${this.#name}`, true, body);
      if (typeof plaintext !== 'string') throw new KekServiceError('Vault answered with no plaintext');
      return Buffer.from(plaintext, 'base64');
    } catch (cause) {
      if (cause instanceof VaultRefusal) throw new UnusableKeyError('Vault does not open it', { cause });
      throw cause;
    }
  }

  async keks(): Promise<readonly Kek[]> {
    const { type, latest, versions } = await this.#read(this.#options.key);
    if (!AEAD.has(type))
      throw new KekServiceError('the key in Vault is of no type that wraps keys (aes256-gcm96)');
    return versions.map(([version, createdMs]) => ({
      id: this.#id(version),
      current: version === latest,
      createdMs,
    }));
  }

  async rotate(): Promise<void> {
    await this.#send('POST', `keys/${this.#name}/rotate`, false, {});
  }

  /** First no longer opened, then deleted: only `trim` destroys, and it takes no version that could still be used. */
  async destroy(id: string): Promise<void> {
    const { latest, versions } = await this.#read(this.#options.key);
    const version = versions.find(([candidate]) => this.#id(candidate) === id)?.[0];
    if (version === undefined) return;
    if (version >= latest) throw new RangeError('the current key encryption key cannot be destroyed');
    const least = version + 1;
    const config = { min_decryption_version: least, min_encryption_version: least };
    await this.#send('POST', `keys/${this.#name}/config`, true, config);
    await this.#send('POST', `keys/${this.#name}/trim`, true, { min_available_version: least });
  }

  async indexKeys(): Promise<ReadonlyMap<number, Buffer>> {
    const { latest } = await this.#read(this.#options.indexKey);
    const name = encodeURIComponent(this.#options.indexKey);
    const input = Buffer.from(`cordon.index.v1\n${this.#options.origin}`, 'utf8').toString('base64');
    const keys = new Map<number, Buffer>();
    for (let version = 1; version <= latest; version++) {
      const body = { input, key_version: version };
      const { hmac } = await this.#send('POST', `hmac/${name}/sha2-256`, true, body);
      const encoded = typeof hmac === 'string' ? HMAC.exec(hmac)?.[1] : undefined;
      const key = Buffer.from(encoded ?? '', 'base64');
      if (key.length !== INDEX_BYTES) throw new KekServiceError('Vault answered with no HMAC');
      keys.set(version, key);
    }
    return keys;
  }

  async rotateIndex(): Promise<void> {
    await this.#send('POST', `keys/${encodeURIComponent(this.#options.indexKey)}/rotate`, false, {});
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  get #name(): string {
    return encodeURIComponent(this.#options.key);
  }

  #id(version: number): string {
    return `vault:${this.#options.key}:v${version}`;
  }

  async #read(name: string): Promise<KeyState> {
    const data = await this.#send('GET', `keys/${encodeURIComponent(name)}`, true);
    const { type, latest_version: latest, derived } = data;
    if (typeof type !== 'string' || !isVersion(latest) || derived === true) {
      throw new KekServiceError('Vault describes a key that cannot be used here (derived keys cannot)');
    }
    const oldest = Math.max(1, count(data['min_decryption_version']), count(data['min_available_version']));
    const made = asObject(data['keys']);
    const versions: [number, number | undefined][] = [];
    for (let version = oldest; version <= latest; version++) {
      versions.push([version, createdMs(made[String(version)])]);
    }
    return { type, latest, versions };
  }

  #send(method: 'GET' | 'POST', path: string, repeatable: boolean, body?: Readonly<Record<string, unknown>>) {
    const request = { method, path: `${this.#mount}/${path}`, repeatable };
    return this.#client.send(body === undefined ? request : { ...request, body });
  }
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_VERSIONS;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Seconds for symmetric keys. */
function createdMs(made: unknown): number | undefined {
  return typeof made === 'number' ? made * 1_000 : undefined;
}
