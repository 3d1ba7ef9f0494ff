import * as tf from "@tensorflow/tfjs";
import type { NativeBackend, TensorEntry } from "./recording";

/** The entry of a tensor whose value is still in a session and is fetched when it is first read. */
export class SessionEntry implements TensorEntry {
  readonly values = null;
  refCount = 1;
  private fetched: number | undefined;

  /** @param fetch Calls `give` on this entry; released after its call, so that the session can be freed. */
  constructor(
    readonly shape: number[],
    readonly dtype: number,
    private fetch: (() => void) | undefined,
  ) {}

  get id(): number {
    if (this.fetched === undefined) this.fetch!();
    return this.fetched!;
  }

  /** @param id The id of the fetched tensor. */
  give(id: number): void {
    this.fetched = id;
    this.fetch = undefined;
  }

  get isFetched(): boolean {
    return this.fetched !== undefined;
  }
}

const prepared = new WeakSet<NativeBackend>();

/** Patches a backend so that it frees values that are still in a session without fetching them first. */
export function prepareForSessionVariables(backend: NativeBackend): void {
  if (prepared.has(backend)) return;
  prepared.add(backend);
  const { disposeData, tensorMap } = backend;
  backend.disposeData = (dataId, force = false) => {
    const entry = tensorMap.has(dataId) ? tensorMap.get(dataId) : undefined;
    if (!(entry instanceof SessionEntry) || entry.isFetched) return disposeData.call(backend, dataId, force);
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    tensorMap.delete(dataId);
    return true;
  };
}

/** A variable whose value lives in a session. */
export class SessionVariable {
  /** The data id and entry that stand for the session's value, once it has one. */
  private dataId: tf.DataId | undefined;
  private entry: SessionEntry | undefined;

  /** @param fetch Fetches the value from the session and gives this the id of its tensor in the binding. */
  constructor(
    private readonly backend: NativeBackend,
    readonly variable: tf.Variable,
    private readonly dtype: number,
    private readonly fetch: () => void,
  ) {}

  /** Whether the session holds the variable's current value. */
  get isCurrent(): boolean {
    return this.variable.dataId === this.dataId;
  }

  /** The memory of its value. */
  get bytes(): number {
    const { size, dtype } = this.variable;
    return size * tf.util.bytesPerElement(dtype);
  }

  /** Whether a tensor, the variable included, refers to a value that is still in the session. */
  get isWanted(): boolean {
    const { entry } = this;
    return entry !== undefined && !entry.isFetched && entry.refCount > 0;
  }

  /** Fetches the session's value, which is about to change, if a tensor other than the variable still refers to it. */
  release(): void {
    const { entry, isCurrent } = this;
    if (entry && !entry.isFetched && entry.refCount > (isCurrent ? 1 : 0)) void entry.id;
  }

  /** Takes the id of the fetched value's tensor. */
  give(id: number): void {
    this.entry!.give(id);
  }

  /** Makes the variable refer to the session's new value. */
  settle(): void {
    if (this.isCurrent && this.entry!.refCount === 1 && !this.entry!.isFetched) return;
    const { shape, dtype } = this.variable;
    this.dataId = {};
    this.entry = new SessionEntry(shape, this.dtype, this.fetch);
    this.backend.tensorMap.set(this.dataId, this.entry);
    const tensor = tf.engine().makeTensorFromTensorInfo({ dataId: this.dataId, shape, dtype });
    this.variable.assign(tensor);
    tensor.dispose();
  }
}
