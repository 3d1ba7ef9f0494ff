import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FinishedRun } from "../../lib/experiment/finished-run";
import { differenceOf, lasting, modelDifferences } from "./compare-runs";
import { WorkerProcess } from "./worker-process";

/** The runs of a process that nothing disturbed. */
export class References {
  private constructor(
    private readonly records: string,
    private readonly keys: Map<number, string>,
  ) {}

  static async train(folder: string, seeds: number[], takeOverAfter: number): Promise<References> {
    mkdirSync(folder, { recursive: true });
    const phaseFile = join(folder, "phase");
    const work = { folder, seeds, launch: "undisturbed", takeOverAfter, phaseFile, isSlow: false, seed: 0 };
    const worker = new WorkerProcess(work);
    const end = await worker.ended;
    if (end !== 0) throw new Error(`the undisturbed worker ended with ${end}, expected 0: ${worker.text}`);
    const records = recordsIn(folder);
    const files = readdirSync(records).filter((name) => name.endsWith(".json"));
    const runs = files.map((name) => JSON.parse(readFileSync(join(records, name), "utf8")) as FinishedRun);
    return new References(records, new Map(runs.map(({ config, key }) => [Number(config["seed"]), key])));
  }

  /** How the record and the kept model of a seed's run in a folder of records differ from the undisturbed ones. */
  differences(seed: number, records: string): string[] {
    const what = `seed ${seed}`;
    const file = `${this.keys.get(seed)}.model.safetensors`;
    return [
      ...this.runDifferences(`${what}: the record`, seed, this.read(records, seed)),
      ...modelDifferences(what, { got: join(records, file), expected: join(this.records, file) }),
    ];
  }

  /** How a run of a seed differs from the undisturbed one. */
  runDifferences(what: string, seed: number, run: FinishedRun | undefined): string[] {
    if (!run) return [`${what} is missing`];
    return differenceOf(what, lasting(run), lasting(this.read(this.records, seed)!));
  }

  private read(records: string, seed: number): FinishedRun | undefined {
    try {
      return JSON.parse(readFileSync(join(records, `${this.keys.get(seed)}.json`), "utf8"));
    } catch {
      return undefined;
    }
  }
}

/** Where the records of the small experiment lie, beside what else a worker leaves. */
export const recordsIn = (folder: string) => join(folder, "records", "99-test");
