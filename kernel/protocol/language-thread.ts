import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Answer, Call, Services } from "../language/worker";

interface Pending {
  resolve(value: unknown): void;
  reject(fault: Error): void;
}

/**
 * By how much the compiler's heap may grow past what it held after the last collection. V8 lets a heap under 4 GB grow
 * to four times that: every program that is thrown away after its cell would stay until then. The flag counts for this
 * process only, not for that of the cells.
 */
const heapGrowth = "--heap-growing-percent=50";

/** The thread of the compiler, called from the thread of the protocol. */
export class LanguageThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private calls = 0;

  /** @param folder The notebook's folder. */
  constructor(folder: string) {
    setFlagsFromString(heapGrowth);
    this.worker = new Worker(join(__dirname, "..", "language", "worker.ts"), { workerData: folder });
    this.worker.on("message", (answer: Answer) => this.settle(answer));
    this.worker.unref();
  }

  /** Calls back when the thread has ended by a fault of its own. */
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
