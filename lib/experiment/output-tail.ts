import type { ChildProcess } from "node:child_process";

/** The number of characters that are kept. */
const KEPT_CHARACTERS = 4000;

/** The last that a process has printed, to both streams together. */
export class OutputTail {
  text = "";

  /** @param child Its streams must be piped. */
  constructor(child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (chunk) => {
        this.text = `${this.text}${chunk}`.slice(-KEPT_CHARACTERS);
      });
    }
  }
}
