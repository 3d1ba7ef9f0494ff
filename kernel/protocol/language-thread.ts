import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Answer, Call, Services } from "../language/worker";

interface Pending {
  resolve(value: unknown): void;
  reject(fault: Error): void;
}

/**
 * The growth of the compiler's heap after a collection at which V8 collects again. V8 lets a heap below 4 GB grow to
 * four times its size, so each program that is discarded after its cell would stay until then. The flag affects this
 * process only, not the process of the cells.
 */
const HEAP_GROWTH = "--heap-growing-percent=50";

/** The compiler's thread, called from the protocol's thread. */
export class LanguageThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private calls = 0;

  /** @param folder The notebook's folder. */
  constructor(folder: string) {
    setFlagsFromString(HEAP_GROWTH);
    this.worker = new Worker(join(__dirname, "..", "language", "worker.ts"), { workerData: folder });
    this.worker.on("message", (answer: Answer) => this.settle(answer));
    this.worker.unref();
  }

  /** Calls back when the thread has ended because of an internal error. */
  onFailure(callback: (fault: Error) => void): void {
    this.worker.on("error", callback);
  }

  call<S extends keyof Services>(
    service: S,
    ...given: Parameters<Services[S]>
  ): Promise<ReturnType<Services[S]>> {
    const number = ++this.calls;
    return new Promise((resolve, reject) => {
      this.pending.set(number, { resolve: resolve as Pending["resolve"], reject });
      this.worker.postMessage({ number, service, given } satisfies Call);
    });
  }

  private settle(answer: Answer): void {
    const { resolve, reject } = this.pending.get(answer.number)!;
    this.pending.delete(answer.number);
    if ("fault" in answer) reject(answer.fault);
    else resolve(answer.value);
  }
}
