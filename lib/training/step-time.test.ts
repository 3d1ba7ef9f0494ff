import assert from "node:assert/strict";
import { test } from "node:test";
import type { Final } from "./results";
import type { Training } from "./run";
import { stepTime } from "./step-time";

/** Takes as many milliseconds a step as `pace` says, turn by turn, `perTurn` steps each. */
function paced(pace: number[], steps = 100, perTurn = 2): Training<Final> {
  let turn = 0;
  const training = {
    steps,
    done: 0,
    advance() {
      const count = Math.min(perTurn, steps - training.done);
      const end = performance.now() + count * pace[turn++]!;
      while (performance.now() < end);
      training.done += count;
      return [];
    },
    result: () => ({}),
    state: () => ({}),
    restore: () => {},
    dispose: () => {},
  };
  return training;
}

test("the least mean of a turn counts, the first two turns do not", () => {
  const training = paced([1, 1, 6, 4, 5]);
  const time = stepTime(training, 3);
  assert.ok(time >= 4 && time < 6, `${time}`);
  assert.equal(training.done, 10);
});

test("a training that ends before is timed by what there is, one without steps left is refused", () => {
  const training = paced([3, 3], 3);
  const time = stepTime(training);
  assert.ok(time >= 3 && time < 5, `${time}`);
  assert.throws(() => stepTime(training), /a training with steps left/);
});
