import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { projectFolder } from "../../lib/notebook/project";

/** One of the two programs that are compared, which runs tasks when it is told to. */
export class Side {
  private constructor(
    private readonly process: ChildProcess,
    private readonly lines: AsyncIterableIterator<string>,
    /** What runs there. */
    readonly versions: string,
  ) {}

  /**
   * Starts a program that answers requests line by line.
   *
   * @throws Error if it ends before it has told its versions, with what it said.
   */
  static async start(command: string[], env: Record<string, string> = {}): Promise<Side> {
    const [program, ...args] = command as [string, ...string[]];
    const child = spawn(program, args, {
      cwd: projectFolder,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let complaints = "";
    child.stderr.on("data", (text) => {
      complaints += text;
    });
    const lines: Interface = createInterface(child.stdout);
    const iterator = lines[Symbol.asyncIterator]();
    const { value } = await iterator.next();
    if (!value) throw new Error(`${program} ended: ${complaints.trim()}`);
    return new Side(child, iterator, JSON.parse(value).versions);
  }

  /** The milliseconds of one run of a task, the mean of `count`. */
  async measure(task: string, count: number): Promise<number> {
    this.process.stdin!.write(`${JSON.stringify({ task, count })}\n`);
    const { value } = await this.lines.next();
    if (!value) throw new Error(`the process that measured "${task}" ended`);
    return JSON.parse(value).milliseconds;
  }

  async close(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.stdin!.end();
    await ended;
  }
}
