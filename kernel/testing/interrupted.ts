import { setTimeout as sleep } from "node:timers/promises";
import type { Client, InterruptMode } from "./client";
import { within } from "./deadline";
import type { Outcome } from "./outcome";

export interface InterruptOptions {
  mode?: InterruptMode;
  /** When to interrupt: this many milliseconds after the cell has begun, or once it has printed this text. */
  after: number | string;
  /** How long the cell may take to end, in milliseconds. */
  patience?: number;
}

/**
 * Executes a cell and interrupts it.
 *
 * @returns The outcome, and the milliseconds from the interrupt to the cell's end.
 * @throws Error if the cell has not ended in time.
 */
export async function interrupted(
  client: Client,
  code: string,
  { mode = "signal", after, patience = 2000 }: InterruptOptions,
): Promise<{ outcome: Outcome; latency: number }> {
  const outcome = client.begin(code);
  if (typeof after === "number") {
    await client.until(() => outcome.types.includes("busy"));
    await sleep(after);
  } else {
    await within(
      20_000,
      `waiting for ${after}`,
      client.until(() => outcome.text("stdout").includes(after)),
    );
  }
  const started = performance.now();
  client.interrupt(mode);
  await within(patience, `interrupting by ${mode} after ${after}`, client.settled(outcome));
  return { outcome, latency: performance.now() - started };
}
