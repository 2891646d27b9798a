import { parentPort, type MessagePort } from 'node:worker_threads';
import { CordonError } from '../../domain/errors.ts';
import { RUN_FAILED } from './model-error.ts';
import { loadOnnxRuntime, type OnnxRuntime, type OrtSession, type OrtTensor } from './onnxruntime.ts';
import { type PlainTensor, type SessionReply, type SessionRequest } from './session.ts';

/** The entry of a session's thread: onnxruntime-node runs a model on the thread that calls it, and blocks it. */
function serve(port: MessagePort): void {
  let runtime: OnnxRuntime | undefined;
  let session: OrtSession | undefined;
  const answer = async (request: SessionRequest): Promise<SessionReply> => {
    if (request.kind === 'open') {
      runtime = loadOnnxRuntime();
      session = await runtime.InferenceSession.create(request.model, request.options);
      return { kind: 'opened', inputs: session.inputMetadata, outputs: session.outputMetadata };
    }
    if (request.kind === 'close') {
      await session?.release();
      return { kind: 'closed' };
    }
    if (runtime === undefined || session === undefined) throw new Error('there is no session');
    const answers = await session.run(toTensors(runtime, request.feeds), [request.output]);
    return { kind: 'answered', output: toPlain(answers[request.output]) };
  };
  port.on('message', (request: SessionRequest) => {
    answer(request).then(
      (reply) => {
        port.postMessage(reply, reply.kind === 'answered' ? [reply.output.data.buffer as ArrayBuffer] : []);
        if (reply.kind === 'closed') port.close();
      },
      (error: unknown) => {
        // What is said about a run can quote ids of a text; what is said about opening is for the operator.
        const reason = request.kind === 'open' ? reasonOf(error) : RUN_FAILED;
        port.postMessage({ kind: 'failed', reason } satisfies SessionReply);
      },
    );
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof CordonError) return error.detail ?? error.message;
  return error instanceof Error ? error.message : RUN_FAILED;
}

function toTensors(
  runtime: OnnxRuntime,
  feeds: Readonly<Record<string, PlainTensor>>,
): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new runtime.Tensor(type, data, dims)]),
  );
}

function toPlain(tensor: OrtTensor | undefined): PlainTensor {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the answer is not float32');
  // A copy: the tensor's own memory belongs to onnxruntime and cannot be handed to another thread.
  return { type: tensor.type, data: tensor.data.slice(), dims: tensor.dims };
}

if (parentPort !== null) serve(parentPort);
