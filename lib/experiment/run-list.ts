import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../files/write-atomically";

/** A file that tells who watches a folder of records which runs the processes of a launch are at. */
export class RunList {
  private readonly path: string;
  private readonly content: string;

  /**
   * @param folder That of the records.
   * @param launch The processes that were started together.
   * @param keys The runs that they share.
   */
  constructor(folder: string, launch: string, keys: string[]) {
    this.path = join(folder, "current.list");
    this.content = `${JSON.stringify({ launch, keys })}\n`;
  }

  /** Writes it, unless another of the processes has; its time is then that of the start. */
  write(): void {
    try {
      if (this.read() !== this.content) writeAtomically(this.path, this.content);
    } catch {
      // Where the folder takes no files, nobody can watch it, and the runs say so by themselves.
    }
  }

  /** Removes it, unless it is by now that of other runs. */
  remove(): void {
    if (this.read() === this.content) rmSync(this.path, { force: true });
  }

  private read(): string {
    try {
      return readFileSync(this.path, "utf8");
    } catch {
      return "";
    }
  }
}
