import type { Final, Training } from "./training";

/** The first turns compile, and find out how many steps there is time for. */
const WARM_UP = 2;

/**
 * How long a step of a training takes, in milliseconds, with all that belongs to it, such as gathering the batch: the
 * least mean of several turns. The training goes on by their steps, of at most all that it has.
 *
 * @param turns Of about 50 ms each. Default: 5.
 * @throws RangeError where the training has no steps left for a turn.
 */
export function stepTime(training: Training<Final>, turns = 5): number {
  const times: number[] = [];
  while (times.length < WARM_UP + turns && training.done < training.steps) {
    const [started, before] = [performance.now(), training.done];
    training.advance([]);
    times.push((performance.now() - started) / (training.done - before));
  }
  const counted = times.length > WARM_UP ? times.slice(WARM_UP) : times;
  if (counted.length === 0) throw new RangeError("stepTime: expected a training with steps left");
  return counted.reduce((least, time) => Math.min(least, time));
}
