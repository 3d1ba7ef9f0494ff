import { cpus, totalmem } from "node:os";
import type { Environment } from "../../lib/experiment/results";
import type { RecordsOutcome } from "./records-part";
import type { RenderingOutcome } from "./rendering-part";
import type { Tally } from "./tally";

/** What a soak was and what came of it. */
export interface SoakReport {
  date: Date;
  /** How long it took. */
  minutes: number;
  seed: number;
  /** What the command line said. */
  asked: { minutes: number; kills: number };
  environment: Environment;
  records: RecordsOutcome;
  rendering: RenderingOutcome;
}

/** The report of a soak as a page of Markdown. */
export function reportPage(report: SoakReport): string {
  const { records, rendering, environment, seed, asked, minutes, date } = report;
  const faults = records.faults.length + rendering.faults.length;
  const command = `npm run soak -- --minutes ${asked.minutes} --kills ${asked.kills} --seed ${seed}`;
  const { survival } = rendering;
  return `# Soak of the shared runs

\`${command}\`

${date.toISOString().slice(0, 10)}, commit ${environment.code}, ${machineText(environment)}: ${minutes.toFixed(0)} minutes. **${records.kills.total + rendering.kills.total} kills, ${records.runs + rendering.runs} runs compared, ${faults === 0 ? "no differences" : `faults: ${faults}`}.** Written by the command; [experiments](experiments.md#several-processes) says how runs are shared.

## Shared runs

${records.rounds} rounds of two or three processes that share five runs on one thread, with a checkpoint at every step. SIGKILL hit one of them, or ${records.cuts} times all at once:

${tallyTable(records.kills)}

Besides, ${records.stops} processes stood still (SIGSTOP) for longer than the silence after which others take over, and ${records.terms} were asked to end (SIGTERM). ${records.takenOver} times a run was taken over, ${records.resumed} times from a checkpoint. History, final numbers, log, key and the kept model's tensors of ${records.runs} runs were compared with those of an undisturbed process, bit for bit. Killed processes left ${records.abandoned} temporary files; once these were older than an hour, the next write left ${records.left}.

## A notebook

Notebook 04 in the quick profile with short trainings and two workers, ${rendering.undisturbed.toFixed(0)} s undisturbed. The command was killed and started again until it came through, ${rendering.rounds} times:

${tallyTable(rendering.kills)}

The ${rendering.runs} runs, claims and parameters that it saved equal those of the undisturbed execution; notebook and page are complete. Where the command's process group was killed, its kernels ended by themselves, the last after ${survival.group.toFixed(1)} s; where the whole tree was killed, all were gone after ${survival.tree.toFixed(1)} s.
${faults === 0 ? "" : `\n## Faults\n\n${[...records.faults, ...rendering.faults].map((fault) => `- ${fault}`).join("\n")}\n`}`;
}

function tallyTable(tally: Tally<string>): string {
  const rows = tally.entries().map(([name, count]) => `| ${name} | ${count} |`);
  return ["| killed while | times |", "|---|---:|", ...rows].join("\n");
}

/** The machine, without its name. */
function machineText({ node, platform, processor }: Environment): string {
  return `${processor}, ${cpus().length} threads, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform}, Node ${node}`;
}
