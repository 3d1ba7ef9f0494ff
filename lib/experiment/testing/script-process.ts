import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** How a process ended, and what it printed to both streams. */
export interface Ended {
  signal: NodeJS.Signals | null;
  text: string;
}

/** A script of this folder in a process of its own. */
export class ScriptProcess {
  readonly ended: Promise<Ended>;
  private text = "";
  private readonly child: ChildProcess;

  /**
   * @param script The file's name.
   * @param args Its arguments.
   * @param prefix Commands of the shell before it, such as `ulimit -f 1;`. Default: none.
   */
  constructor(script: string, args: string[], prefix = "") {
    const use = join(__dirname, "..", "..", "notebook", "use-environment.ts");
    const command = [process.execPath, "--import", "tsx", "--import", use, join(__dirname, script), ...args];
    this.child = spawn("/bin/sh", ["-c", `${prefix} exec "$@"`, "sh", ...command]);
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on("data", (chunk) => (this.text += chunk));
    }
    this.ended = new Promise((resolve) => {
      this.child.once("close", (_, signal) => resolve({ signal, text: this.text }));
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /**
   * Waits until it has printed something.
   *
   * @throws Error with all that it printed where it ends without.
   */
  async until(pattern: RegExp): Promise<void> {
    let isOver = false;
    while (!pattern.test(this.text)) {
      if (isOver) throw new Error(`expected ${pattern} of the process, got ${this.text}`);
      const end = this.ended.then(() => (isOver = true));
      await Promise.race([once(this.child.stdout!, "data"), end]);
    }
  }
}

/** Lets this process stand still. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
