import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { stepTime } from "./step-time";
import type { Final, Training } from "./training";

let time = 0;
mock.method(performance, "now", () => time);

/** On a clock of its own, takes as many milliseconds a step as `pace` says, turn by turn, `perTurn` steps each. */
function paced(pace: number[], steps = 100, perTurn = 2): Training<Final> {
  let turn = 0;
  const training = {
    steps,
    done: 0,
    advance() {
      const count = Math.min(perTurn, steps - training.done);
      time += count * pace[turn++]!;
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
  assert.equal(stepTime(training, 3), 4);
  assert.equal(training.done, 10);
});

test("a training that ends before is timed by what there is, one without steps left is refused", () => {
  const training = paced([3, 3], 3);
  assert.equal(stepTime(training), 3);
  assert.throws(() => stepTime(training), /a training with steps left/);
});
