import { setImmediate as nextTurn } from "node:timers/promises";
import { requireInteger } from "../checks/check-range";
import { host } from "./host";

/** Options of a progress bar. */
export interface ProgressOptions {
  /** What is being done; null for no bar, such as within a loop that has one. Default: "training". */
  label?: string | null;
  /** What is counted, in the plural; default "steps". */
  unit?: string;
  /** What else the bar says, such as the last loss. */
  note?: () => string;
}

/** Thrown where a loop of `progress` is interrupted by the user; what the loop has done so far is kept. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/** How often the bar is drawn, in milliseconds. */
const redraw = 250;
/** For how long, in milliseconds, a loop may keep the kernel from noticing an interrupt. */
const turn = 50;

let bars = 0;

/**
 * Counts from 1 to `count` below a progress bar with the rate and the time left, and lets the kernel breathe: an
 * interrupt ends the loop before its next step.
 *
 * @throws InterruptedError
 * @example
 * for await (const step of progress(10000, { label: "training" })) update(network);
 */
export async function* progress(count: number, options: ProgressOptions = {}): AsyncGenerator<number> {
  let step = 0;
  for await (const done of untilDone(count, () => step, options)) {
    step = done + 1;
    yield step;
  }
}

/**
 * Loops below a progress bar until `done()`, which grows by itself at each turn of the loop, is `count`; yields it.
 *
 * @param options.stop Ends the loop as an interrupt of the user does.
 * @throws InterruptedError
 */
export async function* untilDone(
  count: number,
  done: () => number,
  { stop, ...options }: ProgressOptions & { stop?: AbortSignal } = {},
): AsyncGenerator<number> {
  requireInteger("the number of steps", count, 0);
  const { signal } = host();
  const { label = "training" } = options;
  const bar = label === null ? undefined : new Bar(count, { from: done(), ...options, label });
  let lastTurn = performance.now();
  try {
    while (done() < count) {
      if (performance.now() - lastTurn > turn) {
        await nextTurn();
        bar?.draw(done());
        lastTurn = performance.now();
      }
      if (signal.aborted || stop?.aborted) {
        throw new InterruptedError(`interrupted after ${done()} of ${count} steps`);
      }
      yield done();
    }
  } finally {
    bar?.finish(done());
  }
}

type BarOptions = ProgressOptions & { from: number; label: string };

class Bar {
  private readonly id = `progress-${process.pid}-${++bars}`;
  private readonly started = performance.now();
  private lastDraw = Number.NEGATIVE_INFINITY;
  private readonly options: Required<BarOptions>;

  constructor(
    private readonly count: number,
    options: BarOptions,
  ) {
    this.options = { unit: "steps", note: () => "", ...options };
    this.show(`${this.options.label}: ${count} ${this.options.unit}`, false);
  }

  draw(done: number): void {
    if (performance.now() - this.lastDraw < redraw) return;
    this.lastDraw = performance.now();
    const seconds = (performance.now() - this.started) / 1000;
    const filled = Math.round((done / this.count) * 24);
    const bar = `${"█".repeat(filled)}${"░".repeat(24 - filled)}`;
    const { label, from, note } = this.options;
    const own = done - from;
    const left = own > 0 ? `${duration((seconds * (this.count - done)) / own)} left` : "";
    const parts = [`${done}/${this.count}`, this.rate(done, seconds), left, note()];
    this.show(`${label} ${bar} ${parts.filter(Boolean).join(" · ")}`);
  }

  finish(done: number): void {
    const seconds = (performance.now() - this.started) / 1000;
    const { label, unit, from } = this.options;
    const of = done < this.count ? ` of ${this.count}` : "";
    const first = from > 0 ? `${from + 1} to ` : "";
    this.show(`${label}: ${first}${done}${of} ${unit} in ${duration(seconds)} (${this.rate(done, seconds)})`);
  }

  /** To three digits, such as 0.22 seeds/s or 1,460 steps/s. */
  private rate(done: number, seconds: number): string {
    const { from, unit } = this.options;
    return `${Number(((done - from) / seconds).toPrecision(3)).toLocaleString("en-US")} ${unit}/s`;
  }

  private show(text: string, update = true): void {
    host().display({ "text/plain": text }, { id: this.id, update });
  }
}

/** 7.3 s, 4 min 05 s, 2 h 03 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
