import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { OutputTail } from "../../lib/experiment/output-tail";
import { projectFolder } from "../../lib/notebook/project";
import { type Phase, readPhase } from "./phase";
import type { SoakWork } from "./worker";

/** A process of `worker.ts`. */
export class WorkerProcess {
  isOver = false;
  isStopped = false;
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  private readonly child: ChildProcess;
  private readonly output: OutputTail;

  constructor(private readonly work: SoakWork) {
    const use = join(projectFolder, "lib", "notebook", "use-environment.ts");
    const script = join(__dirname, "worker.ts");
    const loaders = ["--import", "tsx", "--import", use];
    this.child = spawn(process.execPath, [...loaders, script, JSON.stringify(work)], {
      cwd: projectFolder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const kill = () => this.signal("SIGKILL");
    process.once("exit", kill);
    this.output = new OutputTail(this.child);
    this.ended = once(this.child, "close").then(([code, signal]) => {
      this.isOver = true;
      process.off("exit", kill);
      return signal ?? code;
    });
  }

  /** What it has printed last. */
  get text(): string {
    return this.output.text;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** What it is at, or was when it was killed. */
  get phase(): Phase {
    return readPhase(this.work.phaseFile);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}
