import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chance } from "./chance";
import { PHASES, type Phase } from "./phase";
import { RecordsRound } from "./records-round";
import { References } from "./references";
import { Tally } from "./tally";
import type { WorkerProcess } from "./worker-process";

/** The seeds of the small experiment among which a round draws its list. */
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
/** How many runs a round's workers share. */
const RUNS = 5;
/** The silence in milliseconds after which a worker that stands still loses its run. */
const TAKE_OVER_MS = 2500;
/** How long a worker is stopped, in milliseconds: longer than its silence, and than it takes the others to notice. */
const STOPPED_MS = 5500;
/** The longest wait in milliseconds for a worker to be at what a kill is aimed at. */
const AIM_MS = 4000;
/** The phases that kills aim at, and among how many of those that were hit least. */
const AIMS = PHASES.filter((phase) => phase !== "starting" && phase !== "returning");
const LEAST_HIT = 4;

/** What came of the shared runs. */
export interface RecordsOutcome {
  rounds: number;
  /** The runs that were compared. */
  runs: number;
  kills: Tally<Phase>;
  /** Kills of all workers of a round at once, each of which counts among the kills. */
  cuts: number;
  stops: number;
  terms: number;
  /** Trainings that were begun again by another process, and those of them that went on from a checkpoint. */
  takenOver: number;
  resumed: number;
  /** The temporary files that killed processes left, and those that were there after the time for which they are kept. */
  abandoned: number;
  left: number;
  faults: string[];
}

/** When the part ends: at a time as of `Date.now()`, but not before so many kills. */
export interface RecordsOptions {
  folder: string;
  chance: Chance;
  until: number;
  kills: number;
}

/** Rounds of workers that share runs and are killed, until the time is over and the kills are done. */
export async function soakRecords({ folder, chance, until, kills }: RecordsOptions): Promise<RecordsOutcome> {
  const outcome: RecordsOutcome = {
    ...{ rounds: 0, runs: 0, kills: new Tally<Phase>(PHASES), cuts: 0, stops: 0, terms: 0 },
    ...{ takenOver: 0, resumed: 0, abandoned: 0, left: 0, faults: [] },
  };
  const references = await References.train(join(folder, "undisturbed"), SEEDS, TAKE_OVER_MS);
  const isOver = () => Date.now() >= until && outcome.kills.total - outcome.kills.of("starting") >= kills;
  while (!isOver()) {
    const seed = chance.below(1e6);
    const name = `round ${++outcome.rounds}, seed ${seed}`;
    const roundFolder = join(folder, `round-${outcome.rounds}`);
    mkdirSync(roundFolder, { recursive: true });
    const seeds = chance.some(SEEDS, RUNS);
    const round = new RecordsRound({ folder: roundFolder, seeds, seed, takeOverAfter: TAKE_OVER_MS });
    await disturb(round, outcome, isOver);
    const found = await round.finish(references);
    outcome.runs += seeds.length;
    for (const count of ["takenOver", "resumed", "abandoned", "left"] as const)
      outcome[count] += found[count];
    outcome.faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
    console.log(`${name}: ${found.faults.join("; ") || "no difference"}; so far ${outcome.kills}`);
  }
  return outcome;
}

/** Kills, stops and ends workers of a round, and starts others in their place, until one has all of its runs. */
async function disturb(round: RecordsRound, outcome: RecordsOutcome, isOver: () => boolean): Promise<void> {
  const { chance } = round;
  round.fill(2 + chance.below(2));
  while (!round.isDone && !isOver()) {
    const victim = await aim(round, outcome.kills);
    if (!victim) continue;
    await disturbances[chance.below(disturbances.length)]!(victim, round, outcome);
    if (!round.isDone) round.fill(2 + chance.below(2));
  }
}

type Disturbance = (victim: WorkerProcess, round: RecordsRound, outcome: RecordsOutcome) => Promise<void>;

const killOne: Disturbance = (victim, _, outcome) => kill([victim], outcome);

/** As a machine that goes down does. */
const killAll: Disturbance = async (_, round, outcome) => {
  outcome.cuts++;
  await kill(round.running, outcome);
};

const stopAWhile: Disturbance = async (victim, _, outcome) => {
  victim.signal("SIGSTOP");
  await sleep(STOPPED_MS);
  victim.signal("SIGCONT");
  outcome.stops++;
};

const term: Disturbance = async (victim, round, outcome) => {
  victim.signal("SIGTERM");
  await round.untilEnded(victim);
  outcome.terms++;
};

/** What befalls workers, drawn at even odds: mostly a kill. */
const disturbances = [...Array<Disturbance>(7).fill(killOne), killAll, stopAWhile, term];

/** A worker to be disturbed, as soon as it is at what was drawn, or at a random moment; undefined where there is none. */
async function aim(round: RecordsRound, kills: Tally<Phase>): Promise<WorkerProcess | undefined> {
  const { chance } = round;
  const leastHit = [...AIMS].sort((a, b) => kills.of(a) - kills.of(b)).slice(0, LEAST_HIT);
  const phase = chance.happens(0.15) ? undefined : chance.pick(leastHit);
  const deadline = performance.now() + (phase ? AIM_MS : chance.between(0, AIM_MS));
  await round.untilOneHasBegun();
  while (!round.isDone && performance.now() < deadline) {
    const hit = round.running.find((worker) => worker.phase === phase);
    if (hit) return hit;
    await sleep(1);
  }
  return round.isDone || round.begun.length === 0 ? undefined : chance.pick(round.begun);
}

async function kill(victims: WorkerProcess[], outcome: RecordsOutcome): Promise<void> {
  for (const victim of victims) victim.signal("SIGKILL");
  for (const victim of victims) {
    if ((await victim.ended) === "SIGKILL") outcome.kills.add(victim.phase);
  }
}
