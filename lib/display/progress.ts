import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import { requireInteger } from "../checks/check-range";
import { host } from "./host";

/** Options of a progress bar. */
export interface ProgressOptions {
  /** The label of the bar; null for no bar, such as inside another loop with a bar. Default: "training". */
  label?: string | null;
  /** The counted unit, in the plural. Default: "steps". */
  unit?: string;
  /** Returns additional text for the bar, such as the last loss. Default: none. */
  note?: () => string;
}

/** Thrown when the user interrupts a loop of `progress`. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/** The interval in milliseconds between two drawings of the bar. */
const REDRAW_INTERVAL = 250;
/** The time in milliseconds that a loop may run before it lets the kernel handle messages, such as an interrupt. */
const TIME_SLICE = 50;

let bars = 0;

/**
 * Counts from 1 to `count` with a progress bar that shows the rate and the remaining time, and lets the kernel handle
 * messages in between, so that an interrupt ends the loop before its next step.
 *
 * @param count The number of steps, an integer ≥ 0.
 * @param options Options of the bar. Default: {}.
 * @throws RangeError for another number of steps; InterruptedError when the user interrupts the loop.
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
 * Loops with a progress bar until `done()` reaches `count`, and yields `done()` at each iteration.
 *
 * @param count The total number of steps, an integer ≥ 0.
 * @param done Returns the number of completed steps, which the body of the loop must increase.
 * @param options Options of the bar, and `stop`, a signal that ends the loop like an interrupt. Default: {}.
 * @throws RangeError for another number of steps; InterruptedError when the loop is interrupted or stopped.
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
  let lastYield = performance.now();
  try {
    while (done() < count) {
      if (performance.now() - lastYield > TIME_SLICE) {
        await yieldToEventLoop();
        bar?.draw(done());
        lastYield = performance.now();
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
    if (performance.now() - this.lastDraw < REDRAW_INTERVAL) return;
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

  /** Formats the rate with three digits, such as 0.22 seeds/s or 1,460 steps/s. */
  private rate(done: number, seconds: number): string {
    const { from, unit } = this.options;
    return `${Number(((done - from) / seconds).toPrecision(3)).toLocaleString("en-US")} ${unit}/s`;
  }

  private show(text: string, update = true): void {
    host().display({ "text/plain": text }, { id: this.id, update });
  }
}

/**
 * Formats a duration: 7.3 s, 4 min 05 s or 2 h 03 min.
 *
 * @param seconds The duration in seconds, ≥ 0.
 */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
