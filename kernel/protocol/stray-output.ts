import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { endMark } from "../link/end-mark";

const [markStart = "", markEnd = ""] = endMark(0).split("0");
const mark = new RegExp(`${markStart}(\\d+)${markEnd}`);
/** The text that Node writes when it exits while its inspector is in use. */
const FAREWELL = "Waiting for the debugger to disconnect...\n";
/** How long to wait for the marks, in milliseconds: a cell may have closed its standard output. */
const PATIENCE = 500;

/**
 * Output that bypasses a cell's streams and goes straight to standard output or standard error: of native code and
 * child processes.
 */
export class StrayOutput {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";
  private reached = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    source: Readable,
    private readonly deliver: (text: string) => void,
  ) {
    source.on("data", (chunk: Buffer) => this.take(this.decoder.write(chunk)));
  }

  /** Resolves when everything written before the end of a cell has been delivered. */
  async upTo(cell: number): Promise<void> {
    if (this.reached >= cell) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(settle, PATIENCE);
      const check = () => this.reached >= cell && settle();
      const { waiting } = this;
      waiting.add(check);
      function settle() {
        clearTimeout(timer);
        waiting.delete(check);
        resolve();
      }
    });
  }

  private take(text: string): void {
    this.rest += text;
    for (let found = mark.exec(this.rest); found; found = mark.exec(this.rest)) {
      this.pass(this.rest.slice(0, found.index));
      this.rest = this.rest.slice(found.index + found[0].length);
      this.reached = Number(found[1]);
    }
    const start = this.rest.lastIndexOf(markStart[0]!);
    const isCutMark = start >= 0 && this.rest.length - start < endMark(Number.MAX_SAFE_INTEGER).length;
    const whole = isCutMark ? start : this.rest.length;
    this.pass(this.rest.slice(0, whole));
    this.rest = this.rest.slice(whole);
    for (const check of [...this.waiting]) check();
  }

  private pass(text: string): void {
    if (text !== "" && text !== FAREWELL) this.deliver(text);
  }
}
