import { createRequire } from 'node:module';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { modelError } from './model-error.ts';

// The part of onnxruntime-node that is used here. Its own declarations need the DOM's types, which a server has not.

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array;

export interface OrtTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

export interface OrtValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface OrtSession {
  readonly inputMetadata: readonly OrtValueMetadata[];
  readonly outputMetadata: readonly OrtValueMetadata[];
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, OrtTensor | undefined>>>;
  release(): Promise<void>;
}

export interface OrtSessionOptions {
  readonly executionProviders: readonly string[];
  readonly graphOptimizationLevel: 'all';
  /** Fatal only: what onnxruntime prints about a failed run quotes ids of the text. */
  readonly logSeverityLevel: 4;
  readonly intraOpNumThreads?: number;
  /** onnxruntime's session configuration entries, nested by the dots in their keys. */
  readonly extra: { readonly session: { readonly intra_op: { readonly allow_spinning: '0' | '1' } } };
}

export interface OnnxRuntime {
  readonly Tensor: new (type: string, data: TensorData, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(model: Uint8Array | string, options: OrtSessionOptions): Promise<OrtSession>;
  };
  listSupportedBackends(): readonly { readonly name: string; readonly bundled: boolean }[];
}

/** Loads the native library on first use, so that a machine it does not run on can still use everything else. */
export function loadOnnxRuntime(): OnnxRuntime {
  const require = createRequire(import.meta.url);
  try {
    return require('onnxruntime-node') as OnnxRuntime;
  } catch (cause) {
    throw modelError(
      `onnxruntime-node has no working binary for ${process.platform}-${process.arch}; use a remote engine instead.`,
      cause,
    );
  }
}

/**
 * Whether a provider that is not compiled in has its shared library beside the binding. A `cuda` session without it
 * fails too, but prints to stderr from native code first.
 */
export function hasProviderLibrary(provider: string): boolean {
  const require = createRequire(import.meta.url);
  const root = join(dirname(require.resolve('onnxruntime-node')), '..', 'bin');
  const file =
    process.platform === 'win32'
      ? `onnxruntime_providers_${provider}.dll`
      : `libonnxruntime_providers_${provider}.so`;
  return readdirSync(root).some((abi) => existsSync(join(root, abi, process.platform, process.arch, file)));
}

/** Directories of the dynamic loader on Linux distributions. */
const LIBRARY_DIRECTORIES = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/lib', '/lib64'];

/** Whether there is a Vulkan loader, which `webgpu` needs on Linux; without it, native code prints to stderr. */
export function hasVulkan(): boolean {
  if (process.platform !== 'linux') return true;
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return LIBRARY_DIRECTORIES.some((directory) =>
    [directory, join(directory, triplet)].some((place) => existsSync(join(place, 'libvulkan.so.1'))),
  );
}
