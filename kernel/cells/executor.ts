import type { MimeBundle, RunRequest } from "../link/messages";
import { bundleOf, encode } from "./bundles";
import { context } from "./context";
import { describeError } from "./describe-error";
import { beginExecution, type Execution, Interrupted } from "./execution";
import { type Host, installHost } from "./host";
import { allowInterrupts, isCut } from "./interrupts";
import { MappedStacks } from "./mapped-stacks";
import { send } from "./outbox";
import { locator } from "./positions";
import { Session } from "./session";
import type { SharedState } from "./shared-state";
import type { CellSource } from "./stack-frames";
import { markEnd, replaceStandardStreams, type StreamName } from "./standard-streams";
import { silenceTimersOfAbandonedCells } from "./timers";

/** Runs cells one after another and sends all of their output. */
export class Executor {
  private readonly cells = new Map<string, CellSource>();
  private readonly stacks = new MappedStacks(this.cells);
  /** Cells that were interrupted before they began. */
  private readonly interrupted = new Set<number>();
  private readonly cleanUps = new Map<string, () => void>();
  private readonly session: Session;
  private current: Execution | undefined;
  private last: Execution | undefined;

  /** @param folder The notebook's folder. */
  constructor(
    folder: string,
    private readonly state: SharedState,
  ) {
    this.session = new Session(folder);
  }

  /** Sets the process up: its standard streams, timers, uncaught errors and interrupts. */
  install(): void {
    replaceStandardStreams((name, text) => this.write(name, text));
    this.stacks.install();
    silenceTimersOfAbandonedCells();
    installHost(this.host());
    allowInterrupts(this.state, this);
    process.on("uncaughtException", (error) => isCut(error) || this.reportStray(error));
    process.on("unhandledRejection", (error) => this.reportStray(error));
  }

  run(request: RunRequest): void {
    const { state } = this;
    const cell = beginExecution(request, () => state.set("heeding", cell.id));
    const { name, source, compiled } = request;
    this.cells.set(name, { name, source, locate: locator(compiled.map) });
    this.current = cell;
    this.last = cell;
    state.set("running", cell.id);
    state.set("answered", state.get("asked"));
    if (this.interrupted.delete(cell.id)) this.end(cell, { error: new Interrupted() });
    else context.run(cell, () => this.evaluate(cell));
  }

  abort(id: number): void {
    const { current } = this;
    // Within the cell's context: otherwise, what its listeners start would belong to the code that is being
    // interrupted, for example of an older cell.
    if (current?.id === id) context.run(current, () => current.controller.abort());
    else if (id > (this.last?.id ?? 0)) this.interrupted.add(id);
  }

  giveUp(id: number): void {
    if (this.current?.id === id) this.abandon(this.current, new Interrupted());
  }

  get runningId(): number | undefined {
    return this.current?.id;
  }

  /** Ends the running cell with an error, whatever it waits for. */
  fail(error: Error): void {
    if (this.current) this.abandon(this.current, error);
  }

  private abandon(cell: Execution, error: Error): void {
    this.end(cell, { error });
    cell.isAbandoned = true;
  }

  private async evaluate(cell: Execution): Promise<void> {
    try {
      const { value } = await this.session.run(cell);
      const bundle = value == null ? {} : await bundleOf(value);
      if (cell.controller.signal.aborted) throw new Interrupted();
      this.end(cell, undefined, bundle);
    } catch (error) {
      this.end(cell, { error: cell.controller.signal.aborted ? new Interrupted() : error });
    }
  }

  /** Called once for each cell that has begun, by the cell's end or by an interrupt that does not wait for it. */
  private end(cell: Execution, failure: { error: unknown } | undefined, bundle: MimeBundle = {}): void {
    if (cell.isOver) return;
    cell.isOver = true;
    if (failure) this.callAll(cell.failureCallbacks);
    cell.failureCallbacks.clear();
    this.current = undefined;
    markEnd(cell.id);
    if (!failure) {
      send({ type: "done", id: cell.id, data: Object.keys(bundle).length > 0 ? bundle : undefined });
    } else {
      cell.controller.abort();
      send({ type: "failed", id: cell.id, error: describeError(failure.error, this.stacks) });
    }
    this.state.set("running", 0);
  }

  cleanUp(): void {
    this.callAll(this.cleanUps.values());
  }

  private callAll(callbacks: Iterable<() => void>): void {
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        this.reportStray(error);
      }
    }
  }

  private write(name: StreamName, text: string): void {
    const owner = this.owner();
    if (owner?.isAbandoned) return;
    send({ type: "stream", id: owner?.id ?? 0, name, text });
  }

  /** Output of code that outlives its cell is still sent as that cell's. */
  private owner(): Execution | undefined {
    return context.get() ?? this.current ?? this.last;
  }

  private host(): Host {
    const never = new AbortController().signal;
    const signal = () => this.owner()?.controller.signal ?? never;
    return {
      display: (bundle, { id, update = false } = {}) => {
        const owner = this.owner();
        if (owner?.isAbandoned) return;
        send({ type: "display", id: owner?.id ?? 0, update, data: encode(bundle), displayId: id });
      },
      clearOutput: (wait = false) => send({ type: "clear", id: this.owner()?.id ?? 0, wait }),
      onFailure: (callback) => {
        const owner = this.owner();
        if (owner && !owner.isOver) owner.failureCallbacks.add(callback);
      },
      onCutOff: (name, callback) => void this.cleanUps.set(name, callback),
      get signal() {
        return signal();
      },
    };
  }

  private reportStray(error: unknown): void {
    if (this.owner()?.isAbandoned) return;
    this.write("stderr", `Uncaught ${describeError(error, this.stacks).traceback.join("\n")}\n`);
  }
}
