import * as tf from "@tensorflow/tfjs";
import type { NativeBackend, TensorEntry } from "./recording";

/** The entry of a tensor whose value is still in a session and is fetched when it is first read. */
export class SessionEntry implements TensorEntry {
  readonly values = null;
  refCount = 1;
  private fetched: number | undefined;

  /** @param fetch Returns the id of the fetched tensor; released after its call, so that the session can be freed. */
  constructor(
    readonly shape: number[],
    readonly dtype: number,
    private fetch: (() => number) | undefined,
  ) {}

  get id(): number {
    if (this.fetched === undefined) {
      this.fetched = this.fetch!();
      this.fetch = undefined;
    }
    return this.fetched;
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

  /** @param fetch Fetches the value from the session and returns the id of its tensor in the binding. */
  constructor(
    private readonly backend: NativeBackend,
    readonly variable: tf.Variable,
    private readonly dtype: number,
    private readonly fetch: () => number,
  ) {}

  /** Whether the session holds the variable's current value. */
  get isCurrent(): boolean {
    return this.variable.dataId === this.dataId;
  }

  /** Fetches the session's value, which is about to change, if a tensor other than the variable still refers to it. */
  release(): void {
    const { entry, isCurrent } = this;
    if (entry && !entry.isFetched && entry.refCount > (isCurrent ? 1 : 0)) void entry.id;
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

  /** Fetches the value if any tensor still refers to it, since the session ends. */
  end(): void {
    const { entry } = this;
    if (entry && !entry.isFetched && entry.refCount > 0) void entry.id;
  }
}
