/** How long the steps that are done in one turn take, in milliseconds: between turns the kernel answers. */
const DURATION = 50;

/** Decides how many steps of a training are done in one turn, by the time that the last ones took. */
export class Turn {
  private affordable = 1;

  /** The number of steps up to the next one that `isDue`, counted from 1, or as many as there is time for. */
  steps(isDue: (ahead: number) => boolean): number {
    let steps = 1;
    while (steps < this.affordable && !isDue(steps)) steps++;
    return steps;
  }

  /** Does some steps and measures their time. */
  take<Result>(steps: number, work: () => Result): Result {
    const started = performance.now();
    try {
      return work();
    } finally {
      const each = (performance.now() - started) / steps;
      this.affordable = Math.max(1, Math.floor(DURATION / each));
    }
  }
}
