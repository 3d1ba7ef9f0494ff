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

/** How long executions take at present, in milliseconds: other work on the machine changes that. */
class Pace {
  /**
   * @param whole From start to end.
   * @param tail What of it comes after the results were saved.
   */
  constructor(
    public whole: number,
    public tail: number,
  ) {}

  /** Follows an execution that took so long. */
  adopt(whole: number): void {
    this.tail *= whole / this.whole;
    this.whole = whole;
  }
}

interface RoundOptions {
  chance: Chance;
  pace: Pace;
  /** What an execution saves that nothing disturbs. */
  content: ReturnType<Execution["lasting"]>;
  outcome: RenderingOutcome;
}

/** Executes a notebook again and again, killing it, until the time is over. */
export async function soakRendering(options: {
  folder: string;
  chance: Chance;
  until: number;
}): Promise<RenderingOutcome> {
  const { folder, chance, until } = options;
  const { content, pace } = await undisturbed(makeFolders(join(folder, "undisturbed-notebook")));
  const outcome: RenderingOutcome = {
    ...{ rounds: 0, runs: 0, kills: new Tally<Stage>(STAGES), undisturbed: pace.whole / 1000 },
    ...{ survival: { group: 0, tree: 0 }, faults: [] },
  };
  do {
    const name = `notebook, round ${++outcome.rounds}`;
    const folders = makeFolders(join(folder, `notebook-${outcome.rounds}`));
    const faults = await round(folders, { chance, pace, content, outcome });
    outcome.runs += content.runs.length;
    outcome.faults.push(...faults.map((fault) => `${name}: ${fault}`));
    console.log(`${name}: ${faults.join("; ") || "no difference"}; so far ${outcome.kills}`);
  } while (Date.now() + pace.whole < until);
  return outcome;
}

/** Lets an execution come through that nothing disturbs. */
async function undisturbed(folders: ExecutionFolders): Promise<Pick<RoundOptions, "content" | "pace">> {
  const started = performance.now();
  const execution = new Execution(folders);
  while (!execution.isOver && !execution.hasResults) await sleep(POLL_MS);
  const saved = performance.now();
  const code = await execution.ended;
  if (code !== 0)
    throw new Error(`the undisturbed execution ended with ${code}, expected 0: ${execution.text}`);
  const ended = performance.now();
  return { content: execution.lasting(), pace: new Pace(ended - started, ended - saved) };
}

/** Kills executions at moments that are drawn and starts others, until one comes through. @returns What is wrong. */
async function round(folders: ExecutionFolders, options: RoundOptions): Promise<string[]> {
  const faults: string[] = [];
  const kills = 2 + options.chance.below(MOST_KILLS - 1);
  for (let kill = 0; kill < kills; kill++) {
    const started = performance.now();
    const execution = new Execution(folders);
    if (await untilDrawn(execution, options)) faults.push(...(await end(execution, options)));
    else {
      faults.push(...(await faultsOfWhole(execution, options)));
      options.pace.adopt(performance.now() - started);
    }
  }
  return [...faults, ...(await faultsOfWhole(new Execution(folders), options))];
}

/** Kills an execution. @returns What is wrong with what it leaves: files that are not whole, processes that live on. */
async function end(execution: Execution, { chance, outcome }: RoundOptions): Promise<string[]> {
  const { stage } = execution;
  const reach: Reach = chance.happens(0.5) ? "group" : "tree";
  const pids = execution.kill(reach);
  await execution.ended;
  outcome.kills.add(stage);
  const seconds = await secondsUntilGone(pids);
  outcome.survival[reach] = Math.max(outcome.survival[reach], seconds);
  const count = pids.length + 1;
  console.log(`killed the ${reach} of ${count} processes, ${stage}; gone after ${seconds.toFixed(1)} s`);
  if (Number.isFinite(seconds)) return execution.faults();
  return [...execution.faults(), `processes live on after a kill of the ${reach}, ${stage}`];
}

/**
 * Waits for a moment that is drawn: any, one of a training that is still to be done, or one after the results.
 *
 * @returns Whether the execution still goes on.
 */
async function untilDrawn(execution: Execution, { chance, pace }: RoundOptions): Promise<boolean> {
  const aim = chance.pick(["any", "training", "late"] as const);
  const isReached = () => execution.hasResults || (aim === "training" && execution.stage === "training");
  if (aim !== "any") while (!execution.isOver && !isReached()) await sleep(POLL_MS);
  const most = { any: pace.whole, training: MOST_TRAINING_MS, late: pace.tail }[aim];
  const over = new AbortController();
  const moment = sleep(chance.between(0, most), undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([moment, execution.ended]);
  over.abort();
  return !execution.isOver;
}

/** Waits for the end of an execution that is not killed. @returns What is wrong then. */
async function faultsOfWhole(execution: Execution, { content }: RoundOptions): Promise<string[]> {
  const code = await execution.ended;
  if (code !== 0) return [`the command ended with ${code}, expected 0: ${execution.text}`];
  return [...differenceOf("its results", execution.lasting(), content), ...incompleteness()];
}
