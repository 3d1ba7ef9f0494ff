import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { dataFolder } from "../../lib/data/fetch/manifest";
import { OutputTail } from "../../lib/experiment/output-tail";
import { readResults } from "../../lib/experiment/results";
import { buildFolder, projectFolder } from "../../lib/notebook/project";
import { makeDataFolder } from "../testing/data-folder.cjs";
import { killTree, type Reach, signal } from "./process-tree";

/** The notebook, with parameters by which it takes little time. */
const NOTEBOOK = "04-linear-network";
const PARAMETERS = "steps=500,otherSeeds=2,tailSeeds=1,tailSteps=1000,modeSteps=1500,mnistSteps=2000";

/** What the execution of a notebook may be at. */
export const STAGES = [
  "starting, or between trainings",
  "training",
  "after its results",
  "writing its page",
] as const;
export type Stage = (typeof STAGES)[number];

/** The folders of several executions that share their records. */
export interface ExecutionFolders {
  data: string;
  results: string;
}

/** Makes a folder of data that has the data sets of the project's, and no records. */
export function makeFolders(folder: string): ExecutionFolders {
  const [data, results] = [join(folder, "data"), join(folder, "results")];
  makeDataFolder(data, dataFolder());
  mkdirSync(results, { recursive: true });
  return { data, results };
}

/** `npm start -- 04 --workers 2` in a process group of its own. */
export class Execution {
  /** Its exit code; null where it was killed. */
  readonly ended: Promise<number | null>;
  isOver = false;
  private readonly child: ChildProcess;
  private readonly output: OutputTail;
  private readonly results: string;

  constructor(private readonly folders: ExecutionFolders) {
    this.results = join(folders.results, `${NOTEBOOK}.json`);
    rmSync(this.results, { force: true });
    rmSync(executed("ipynb"), { force: true });
    this.child = spawn("npm", ["start", "--", NOTEBOOK, "--workers", "2"], {
      cwd: projectFolder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        WEIGHTSPACE_DATA: folders.data,
        WEIGHTSPACE_RESULTS: folders.results,
        WEIGHTSPACE_SET: PARAMETERS,
        WEIGHTSPACE_THREADS: "1",
      },
    });
    const kill = () => signal(-this.child.pid!, "SIGKILL");
    process.once("exit", kill);
    this.output = new OutputTail(this.child);
    this.ended = once(this.child, "exit").then(([code]) => {
      this.isOver = true;
      process.off("exit", kill);
      return code;
    });
  }

  /** What it has printed last. */
  get text(): string {
    return this.output.text;
  }

  /** Whether the notebook has saved its results. */
  get hasResults(): boolean {
    return existsSync(this.results);
  }

  get stage(): Stage {
    if (existsSync(executed("ipynb"))) return "writing its page";
    if (this.hasResults) return "after its results";
    const records = join(this.folders.data, "records", NOTEBOOK);
    const isTraining = existsSync(records) && readdirSync(records).some((name) => name.endsWith(".lock"));
    return isTraining ? "training" : "starting, or between trainings";
  }

  /** Kills it. @returns The processes that it had started. */
  kill(reach: Reach): number[] {
    return killTree(this.child.pid!, reach);
  }

  /** What the notebook has saved, without what depends on when it was trained. */
  lasting() {
    const { parameters, claims, runs } = readResults(this.results);
    return { parameters, claims, runs };
  }

  /** What is wrong with the files that are there; it may have been killed at any moment. */
  faults(): string[] {
    const files = [this.results, executed("ipynb"), executed("html")].filter((path) => existsSync(path));
    return files.filter((path) => !isWhole(path)).map((path) => `${basename(path)} is not whole`);
  }
}

/** What is missing of the executed notebook and its page, after an execution that came through. */
export function incompleteness(): string[] {
  const paths = [executed("ipynb"), executed("html")];
  const missing = paths.filter((path) => !existsSync(path)).map((path) => `${basename(path)} is missing`);
  if (missing.length > 0) return missing;
  const { cells } = JSON.parse(readFileSync(executed("ipynb"), "utf8")) as { cells: Cell[] };
  const open = cells.filter(
    ({ cell_type, source, execution_count, outputs = [] }) =>
      cell_type === "code" &&
      [source].flat().join("").trim() !== "" &&
      (typeof execution_count !== "number" || outputs.some(({ output_type }) => output_type === "error")),
  );
  const temporary = readdirSync(buildFolder).filter(
    (name) => name.includes(NOTEBOOK) && name.endsWith(".tmp"),
  );
  return [
    ...open.map(({ source }) => `a cell was not executed: ${[source].flat().join("").slice(0, 60)}`),
    ...temporary.map((name) => `${name} is left`),
  ];
}

/** A cell of an executed notebook. */
interface Cell {
  cell_type: string;
  source: string | string[];
  execution_count?: number | null;
  outputs?: { output_type: string }[];
}

/** Where the executed notebook and its page are written. */
const executed = (ending: string) => join(buildFolder, `${NOTEBOOK}.${ending}`);

function isWhole(path: string): boolean {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".html")) return text.trimEnd().endsWith("</html>");
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
