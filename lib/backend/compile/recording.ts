import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { backend } from "../backend";
import { lastly } from "../cut-off";
import { type InPlaceUpdate, observeUpdates } from "./in-place";

/** One operation that TensorFlow was asked for. */
export interface Operation {
  op: string;
  attributes: TFEOpAttr[];
  /** The ids of its inputs in the binding. */
  inputs: number[];
  /** The ids of its outputs. */
  outputs: number[];
}

/** Numbers that JavaScript handed to TensorFlow. */
export interface Constant {
  shape: number[];
  /** TensorFlow's number for the type. */
  dtype: number;
  bytes: Uint8Array;
}

/** An update that a graph does in place, for the operations from one place among the recorded to before another. */
export interface RecordedUpdate {
  update: InPlaceUpdate;
  from: number;
  to: number;
  /** The ids of the variables' values before it and after it. */
  before: number[];
  after: number[];
  /** The ids of its inputs. */
  inputs: number[];
}

/** What a function asked TensorFlow for while it ran. Tensors are named by their ids in the binding. */
export interface Recording {
  operations: Operation[];
  constants: Map<number, Constant>;
  updates: RecordedUpdate[];
  /** Every tensor that was an input of an operation. */
  used: Map<number, tf.TensorInfo>;
  /** Whether it read the numbers of a tensor. */
  readsNumbers: boolean;
}

/** What of the native backend is used here; `getInputTensorIds` is private there. */
export interface NativeBackend {
  binding: TFJSBinding;
  /** Stores the numbers of a new tensor; TensorFlow gets them when an operation first needs them. */
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: { id: number; shape: number[]; dtype: number }): tf.Tensor;
  disposeData(dataId: tf.DataId, force?: boolean): boolean;
  /** What there is of each tensor. */
  tensorMap: {
    get(dataId: tf.DataId): TensorEntry;
    set(dataId: tf.DataId, entry: TensorEntry): void;
    has(dataId: tf.DataId): boolean;
    delete(dataId: tf.DataId): boolean;
  };
}

/** What the backend knows of a tensor. */
export interface TensorEntry {
  shape: number[];
  dtype: number;
  /** Its number in the binding; below 0 before TensorFlow has it. */
  readonly id: number;
  /** Its numbers before TensorFlow has them. */
  values: tf.backend_util.BackendValues | null;
  refCount: number;
}

/** The native backend, or undefined where another runs. */
export function nativeBackend(): NativeBackend | undefined {
  backend();
  if (tf.getBackend() !== "tensorflow") return undefined;
  return tf.backend() as NodeJSKernelBackend as unknown as NativeBackend;
}

/** The members of the native backend and its binding that tracing needs: most are private in tfjs, or undocumented. */
const needed = {
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

/** The names of the members of the native backend that tracing needs and that this version of tfjs does not have. */
export function missingMembers(backend: NativeBackend): string[] {
  const holders: Record<string, unknown> = {
    "": backend,
    "tensorMap.": backend.tensorMap,
    "binding.": backend.binding,
  };
  return Object.entries(needed).flatMap(([prefix, names]) => {
    const holder = (holders[prefix] ?? {}) as Record<string, unknown>;
    return names.flatMap((name) => (typeof holder[name] === "function" ? [] : [`backend.${prefix}${name}`]));
  });
}

/**
 * Runs a function and records what it asks TensorFlow for.
 *
 * @param tensorsOf Tensors, given the result, whose ids are wanted too, though no operation may have used them.
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
    // What was there before is no constant of this function, also where TensorFlow gets it only now.
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
    // The inputs count as used, though the operations that use them are left out of the graph.
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
