import { createBatcher } from '../detect/ner/batch.ts';
import { batchUnitsOn, type LocalOptions, sourceOf } from '../detect/ner/load.ts';
import { probeEncoding, probeRows } from '../detect/ner/model.ts';
import { type ModelFolderOptions, readModelParts } from '../detect/ner/model-parts.ts';
import { openOnProvider, type ProviderReport } from '../detect/ner/provider.ts';
import { type ModelMetadata } from './metadata.ts';
import { joinRows, readRows } from './rows.ts';
import { datatypeOf, type NamedTensor } from './tensor.ts';

/** A model that is open here, for requests of the protocol. */
export interface ServedModel {
  readonly metadata: ModelMetadata;
  readonly version: string;
  readonly report: ProviderReport;
  /**
   * Logits for a request's tensors; rows of several requests go together.
   * @throws ProtocolError when the tensors are not what the model reads, CordonError when it fails
   */
  infer(tensors: readonly NamedTensor[], signal: AbortSignal): Promise<NamedTensor>;
  /** Whether the model reads a text now. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

export type ServedModelOptions = ModelFolderOptions & LocalOptions & { readonly maxUnits: number };

/** @throws CordonError as loading a model here does */
export async function openServedModel(options: ServedModelOptions): Promise<ServedModel> {
  const parts = await readModelParts(options);
  // What a request holds is framed already.
  const source = { ...sourceOf(parts, options), frame: { before: [], after: [] } };
  const { provider, requireGpu = false, lanes = 1 } = options;
  const { model, report } = await openOnProvider(source, provider, requireGpu, lanes);
  const batcher = createBatcher({
    run: (rows, lane, signal) => model.run(rows, lane, signal),
    isOpen: (lane) => model.isOpen(lane),
    lanes: model.lanes,
    maxBatchUnits: batchUnitsOn(model),
  });
  const probe = probeEncoding(parts.encoder);
  let pending: Promise<boolean> | undefined;
  const check = async (): Promise<boolean> => {
    try {
      await Promise.all(probeRows(parts.encoder, 1, 1).map((row) => batcher.submit(row)));
      return true;
    } catch {
      return false;
    }
  };
  return {
    metadata: {
      name: parts.name,
      versions: [parts.version],
      sha256: parts.digest,
      inputs: model.inputs.map(({ name, type, width }) => ({
        name,
        datatype: datatypeOf(type),
        shape: width === 0 ? [-1, -1] : [-1, -1, width],
      })),
      outputs: [{ name: model.output, datatype: 'FP32', shape: [-1, -1, parts.labels] }],
    },
    version: parts.version,
    report,
    infer: async (tensors, signal) => {
      const { rows, units } = readRows(tensors, model.inputs, probe, options.maxUnits);
      const answers = await Promise.all(rows.map((row) => batcher.submit(row, signal)));
      return joinRows(model.output, answers, units, parts.labels);
    },
    // Who asks while another's question is answered gets the same answer: anybody may ask.
    isReady: () => (pending ??= check().finally(() => (pending = undefined))),
    close: () => batcher.close().then(() => model.close()),
  };
}
