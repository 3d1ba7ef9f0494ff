import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { writeAtomically } from "../../lib/files/write-atomically";
import { environment } from "../../lib/notebook/environment";
import { buildFolder, projectFolder } from "../../lib/notebook/project";
import { Chance } from "./chance";
import { soakRecords } from "./records-part";
import { soakRendering } from "./rendering-part";
import { reportPage } from "./report";

/** The share of the time in which records are made; the rest is that of a notebook. */
const RECORDS_SHARE = 0.6;
/** The least minutes of a soak whose report is one to commit. */
const WHOLE_MINUTES = 30;

/** Soaks the shared runs: `main.ts MINUTES KILLS SEED`. Called by `npm run soak`; the exit code is 1 for any difference. */
async function main([minutes = 30, kills = 50, seed = 1]: number[]): Promise<void> {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => process.exit(1));
  const started = Date.now();
  const at = (share: number) => started + share * minutes * 60_000;
  const folder = join(buildFolder, "soak");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log(`Soak of ${minutes} minutes, at least ${kills} kills, seed ${seed}; its folder is build/soak`);
  const chance = new Chance(seed);
  const records = await soakRecords({ folder, chance, until: at(RECORDS_SHARE), kills });
  const rendering = await soakRendering({ folder, chance, until: at(1) });
  const faults = [...records.faults, ...rendering.faults];
  const page = reportPage({
    ...{ records, rendering, seed, asked: { minutes, kills }, environment: environment() },
    date: new Date(),
    minutes: (Date.now() - started) / 60_000,
  });
  const path =
    minutes < WHOLE_MINUTES ? join(buildFolder, "soak.md") : join(projectFolder, "docs", "soak.md");
  writeAtomically(path, page);
  console.log(`\n${page}\n${[...faults, `The report is ${relative(projectFolder, path)}.`].join("\n")}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

void main(process.argv.slice(2).map(Number));
