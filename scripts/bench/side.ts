import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { projectFolder } from "../../lib/notebook/project";
import type { Sample } from "./times";

/** One of the two programs that are compared, which runs tasks when it is told to. */
export class Side {
  /** What runs there. */
  versions = "";
  private complaints = "";

  private constructor(
    private readonly process: ChildProcess,
    private readonly lines: AsyncIterableIterator<string>,
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
    const lines: Interface = createInterface(child.stdout);
    const iterator = lines[Symbol.asyncIterator]();
    const side = new Side(child, iterator);
    child.stderr.on("data", (text) => {
      side.complaints += text;
    });
    const { value } = await iterator.next();
    if (!value) throw new Error(`${program} ended: ${side.complaints.trim()}`);
    side.versions = JSON.parse(value).versions;
    return side;
  }

  /**
   * Runs a task `count` times: the milliseconds of one, their mean.
   *
   * @throws Error if the process ends or the task fails, with what it said.
   */
  async measure(task: string, count: number): Promise<Sample> {
    this.process.stdin!.write(`${JSON.stringify({ task, count })}\n`);
    const { value } = await this.lines.next();
    if (!value) throw new Error(`the process that measured "${task}" ended: ${this.complaints.trim()}`);
    const { error, ...sample } = JSON.parse(value);
    if (error) throw new Error(error);
    return sample;
  }

  async close(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.stdin!.end();
    await ended;
  }
}
