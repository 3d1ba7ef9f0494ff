import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chance } from "./chance";
import { differenceOf } from "./compare-runs";
import {
  Execution,
  type ExecutionFolders,
  incompleteness,
  makeFolders,
  STAGES,
  type Stage,
} from "./execution";
import { type Reach, secondsUntilGone } from "./process-tree";
import { Tally } from "./tally";

/** The most kills of a round, after which the command comes through. */
const MOST_KILLS = 4;

/** How long a kill that is aimed at a training waits at most after its start, in milliseconds. */
const MOST_TRAINING_MS = 1500;
/** The interval in milliseconds between two looks at what an execution is at. */
const POLL_MS = 20;

/** What came of the notebook's executions. */
export interface RenderingOutcome {
  /** The executions that came through after kills. */
  rounds: number;
  /** The runs of the notebook that were compared. */
  runs: number;
  kills: Tally<Stage>;
  /** How long an execution takes that nothing disturbs, in seconds. */
  undisturbed: number;
  /** The seconds that the last process lived on, at most: where the command's group was killed, and where all was. */
  survival: Record<Reach, number>;
  faults: string[];
}

/** An execution that nothing disturbs. */
interface Undisturbed {
  content: ReturnType<Execution["lasting"]>;
  /** How long it took in milliseconds, and how much of that after the results were saved. */
  whole: number;
  tail: number;
}

/** Executes a notebook again and again, killing it, until the time is over. */
export async function soakRendering(options: {
  folder: string;
  chance: Chance;
  until: number;
}): Promise<RenderingOutcome> {
  const { folder, chance, until } = options;
  const undisturbed = await execute(makeFolders(join(folder, "undisturbed-notebook")));
  const outcome: RenderingOutcome = {
    ...{ rounds: 0, runs: 0, kills: new Tally<Stage>(STAGES), undisturbed: undisturbed.whole / 1000 },
    ...{ survival: { group: 0, tree: 0 }, faults: [] },
  };
  do {
    const name = `notebook, round ${++outcome.rounds}`;
    const folders = makeFolders(join(folder, `notebook-${outcome.rounds}`));
    const faults = await round(folders, { chance, undisturbed, outcome });
    outcome.runs += undisturbed.content.runs.length;
    outcome.faults.push(...faults.map((fault) => `${name}: ${fault}`));
    console.log(`${name}: ${faults.join("; ") || "no difference"}; so far ${outcome.kills}`);
  } while (Date.now() + undisturbed.whole < until);
  return outcome;
}

/** Lets an execution come through that nothing disturbs. */
async function execute(folders: ExecutionFolders): Promise<Undisturbed> {
  const started = performance.now();
  const execution = new Execution(folders);
  while (!execution.isOver && !execution.hasResults) await sleep(POLL_MS);
  const saved = performance.now();
  const code = await execution.ended;
  if (code !== 0)
    throw new Error(`the undisturbed execution ended with ${code}, expected 0: ${execution.text}`);
  const ended = performance.now();
  return { content: execution.lasting(), whole: ended - started, tail: ended - saved };
}

/** Kills an execution several times and starts it again, until it comes through. @returns What is wrong. */
async function round(
  folders: ExecutionFolders,
  options: { chance: Chance; undisturbed: Undisturbed; outcome: RenderingOutcome },
): Promise<string[]> {
  const { chance, undisturbed, outcome } = options;
  const faults: string[] = [];
  const kills = 2 + chance.below(MOST_KILLS - 1);
  for (let kill = 0; kill < kills; kill++) {
    const execution = new Execution(folders);
    if (!(await untilDrawn(execution, { chance, undisturbed })))
      return [...faults, ...ends(execution, options)];
    const { stage } = execution;
    const reach: Reach = chance.happens(0.5) ? "group" : "tree";
    const pids = execution.kill(reach);
    await execution.ended;
    outcome.kills.add(stage);
    faults.push(...execution.faults());
    const seconds = await secondsUntilGone(pids);
    outcome.survival[reach] = Math.max(outcome.survival[reach], seconds);
    if (!Number.isFinite(seconds)) faults.push(`processes live on after a kill of the ${reach}, ${stage}`);
    console.log(
      `killed the ${reach} of ${pids.length + 1} processes, ${stage}; gone after ${seconds.toFixed(1)} s`,
    );
  }
  const execution = new Execution(folders);
  const code = await execution.ended;
  if (code !== 0) faults.push(`the command ended with ${code}, expected 0: ${execution.text}`);
  return [...faults, ...ends(execution, options)];
}

/**
 * Waits for a moment that is drawn: any, one of a training that is still to be done, or one after the results.
 *
 * @returns Whether the execution still goes on.
 */
async function untilDrawn(
  execution: Execution,
  { chance, undisturbed }: { chance: Chance; undisturbed: Undisturbed },
): Promise<boolean> {
  const aim = chance.pick(["any", "training", "late"] as const);
  const isReached = () => execution.hasResults || (aim === "training" && execution.stage === "training");
  if (aim !== "any") while (!execution.isOver && !isReached()) await sleep(POLL_MS);
  const most = { any: undisturbed.whole, training: MOST_TRAINING_MS, late: undisturbed.tail }[aim];
  const over = new AbortController();
  const moment = sleep(chance.between(0, most), undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([moment, execution.ended]);
  over.abort();
  return !execution.isOver;
}

/** What is wrong at the end of an execution that came through. */
function ends(execution: Execution, { undisturbed }: { undisturbed: Undisturbed }): string[] {
  if (!execution.hasResults) return ["it has no results"];
  const { content } = undisturbed;
  return [...differenceOf("its results", execution.lasting(), content), ...incompleteness()];
}
