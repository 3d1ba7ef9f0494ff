import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { backend } from "../backend";
import { lastly } from "../cut-off";
import { type InPlaceUpdate, observeUpdates } from "./in-place";

/** An operation that TensorFlow ran. */
export interface Operation {
  op: string;
  attributes: TFEOpAttr[];
  /** The ids of the input tensors in the binding. */
  inputs: number[];
  /** The ids of the output tensors. */
  outputs: number[];
}

/** Values that JavaScript passed to TensorFlow. */
export interface Constant {
  shape: number[];
  /** TensorFlow's number of the data type. */
  dtype: number;
  bytes: Uint8Array;
}

/** An in-place update that replaces the recorded operations with indices from `from` to before `to`. */
export interface RecordedUpdate {
  update: InPlaceUpdate;
  from: number;
  to: number;
  /** The ids of the variables' values before and after the update. */
  before: number[];
  after: number[];
  /** The ids of the update's inputs. */
  inputs: number[];
}

/** The TensorFlow operations of one run of a function, with tensors given by their ids in the binding. */
export interface Recording {
  operations: Operation[];
  constants: Map<number, Constant>;
  updates: RecordedUpdate[];
  /** Every tensor that was an input of an operation. */
  used: Map<number, tf.TensorInfo>;
  /** Whether the function read the values of a tensor. */
  readsNumbers: boolean;
}

/** The members of the native backend that tracing uses; some are private in tfjs's types. */
export interface NativeBackend {
  binding: TFJSBinding;
  /** Stores the values of a new tensor, which TensorFlow receives when an operation first needs them. */
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: { id: number; shape: number[]; dtype: number }): tf.Tensor;
  disposeData(dataId: tf.DataId, force?: boolean): boolean;
  /** The entries of the live tensors by their data ids. */
  tensorMap: {
    get(dataId: tf.DataId): TensorEntry;
    set(dataId: tf.DataId, entry: TensorEntry): void;
    has(dataId: tf.DataId): boolean;
    delete(dataId: tf.DataId): boolean;
  };
}

/** The backend's entry for a tensor. */
export interface TensorEntry {
  shape: number[];
  dtype: number;
  /** The tensor's id in the binding; negative until TensorFlow has received its values. */
  readonly id: number;
  /** The tensor's values until TensorFlow has received them. */
  values: tf.backend_util.BackendValues | null;
  refCount: number;
}

/** The native backend; undefined on another backend. */
export function nativeBackend(): NativeBackend | undefined {
  backend();
  if (tf.getBackend() !== "tensorflow") return undefined;
  return tf.backend() as NodeJSKernelBackend as unknown as NativeBackend;
}

/** The members of the native backend and its binding that tracing needs; most are private or undocumented in tfjs. */
const NEEDED = {
  "": ["write", "getInputTensorIds", "createOutputTensor", "disposeData"],
  "tensorMap.": ["get", "set", "has", "delete"],
  "binding.": [
    "executeOp",
    "createTensor",
    "tensorDataSync",
    "loadSavedModel",
    "runSavedModel",
    "deleteSavedModel",
    "deleteTensor",
  ],
};

/** The names of the members that tracing needs and that this version of tfjs lacks. */
export function missingMembers(backend: NativeBackend): string[] {
  const holders: Record<string, unknown> = {
    "": backend,
    "tensorMap.": backend.tensorMap,
    "binding.": backend.binding,
  };
  return Object.entries(NEEDED).flatMap(([prefix, names]) => {
    const holder = (holders[prefix] ?? {}) as Record<string, unknown>;
    return names.flatMap((name) => (typeof holder[name] === "function" ? [] : [`backend.${prefix}${name}`]));
  });
}

/**
 * Runs a function and records its TensorFlow operations.
 *
 * @param tensorsOf Takes the result and lists further tensors whose ids are to be returned.
 * @returns The function's result, the recording, and the ids of the tensors listed by `tensorsOf`.
 */
export function record<T>(
  backend: NativeBackend,
  run: () => T,
  tensorsOf: (result: T) => tf.TensorInfo[],
): { result: T; recording: Recording; ids: number[] } {
  const { binding, getInputTensorIds, write } = backend;
  const written = new Set<tf.DataId>();
  const recording: Recording = {
    operations: [],
    constants: new Map(),
    updates: [],
    used: new Map(),
    readsNumbers: false,
  };
  const watching: Partial<TFJSBinding> = {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      recording.constants.set(id, { shape: [...shape], dtype, bytes: bytesOf(values) });
      return id;
    },
    executeOp(op, attributes, inputs, outputs) {
      const results = binding.executeOp(op, attributes, inputs, outputs);
      recording.operations.push({
        op,
        attributes,
        inputs: [...inputs],
        outputs: results.map(({ id }) => id),
      });
      return results;
    },
    tensorDataSync(id) {
      recording.readsNumbers = true;
      return binding.tensorDataSync(id);
    },
  };
  const watched: TFJSBinding = Object.create(binding, Object.getOwnPropertyDescriptors(watching));
  backend.binding = watched;
  backend.write = (values, shape, dtype) => {
    const dataId = write.call(backend, values, shape, dtype);
    written.add(dataId);
    return dataId;
  };
  backend.getInputTensorIds = (tensors) => {
    // Tensors made before this run are not constants of it, even if TensorFlow receives their values only now.
    backend.binding = binding;
    getInputTensorIds.call(
      backend,
      tensors.filter(({ dataId }) => !written.has(dataId)),
    );
    backend.binding = watched;
    const ids = getInputTensorIds.call(backend, tensors);
    for (const [i, id] of ids.entries()) recording.used.set(id, tensors[i]!);
    return ids;
  };
  const ended = observeUpdates((update, plain) => {
    const idsOf = (tensors: tf.TensorInfo[]) => getInputTensorIds.call(backend, tensors);
    const [from, before] = [recording.operations.length, idsOf(update.variables)];
    // The inputs must count as used even though the graph leaves out the operations that use them.
    const inputs = backend.getInputTensorIds(update.inputs);
    plain();
    const [to, after] = [recording.operations.length, idsOf(update.variables)];
    recording.updates.push({ update, from, to, before, after, inputs });
  });
  const work = () => {
    const result = run();
    return { result, recording, ids: getInputTensorIds.call(backend, tensorsOf(result)) };
  };
  return lastly(work, () => {
    ended();
    backend.binding = binding;
    backend.getInputTensorIds = getInputTensorIds;
    backend.write = write;
  });
}

function bytesOf(values: unknown): Uint8Array {
  const { buffer, byteOffset, byteLength } = values as Float32Array;
  return Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));
}
