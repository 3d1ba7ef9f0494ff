import * as tf from "@tensorflow/tfjs";
import type { NativeBackend, TensorEntry } from "./recording";

/** The data of a tensor that is still in a session: it is fetched when somebody asks for it. */
export class SessionEntry implements TensorEntry {
  readonly values = null;
  refCount = 1;
  private fetched: number | undefined;

  /** @param fetch Gives the number of a tensor in the binding; let go of, with its session, once it was called. */
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

/** Lets a backend free data that is still in a session without fetching it first. */
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

/** A variable whose value is kept in a session. */
export class SessionVariable {
  /** What stands for the value in the session, where there is one. */
  private dataId: tf.DataId | undefined;
  private entry: SessionEntry | undefined;

  /** @param fetch Gets the value in the session as a tensor of the binding, by its number. */
  constructor(
    private readonly backend: NativeBackend,
    readonly variable: tf.Variable,
    private readonly dtype: number,
    private readonly fetch: () => number,
  ) {}

  /** Whether the session has the variable's value. */
  get isCurrent(): boolean {
    return this.variable.dataId === this.dataId;
  }

  /** Fetches the session's value if somebody besides the variable will ask for it: it is about to change. */
  release(): void {
    const { entry, isCurrent } = this;
    if (entry && !entry.isFetched && entry.refCount > (isCurrent ? 1 : 0)) void entry.id;
  }

  /** Gives the variable the session's value. */
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

  /** Fetches the value if anybody may still want it, since its session ends. */
  end(): void {
    const { entry } = this;
    if (entry && !entry.isFetched && entry.refCount > 0) void entry.id;
  }
}
