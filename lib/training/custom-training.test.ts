import assert from "node:assert/strict";
import { test } from "node:test";
import { CustomTraining } from "./custom-training";
import { train } from "./train";

/** Newton's method for √2, as a training of one number. */
function newton(steps = 6) {
  const x = { value: 1 };
  const training = new CustomTraining({
    steps,
    step: () => {
      x.value = (x.value + 2 / x.value) / 2;
    },
    onStep: { when: (step) => step % 2 === 0, do: () => ({ x: x.value }) },
    isOver: (history) => Math.abs((history.at(-1)?.x ?? 0) ** 2 - 2) < 1e-15,
    state: {
      state: () => ({ x: { shape: [], values: Float64Array.of(x.value) } }),
      restore: ({ x: saved }) => {
        x.value = saved!.values[0]!;
      },
    },
  });
  return { x, training };
}

test("a step that is written by hand is done as often as asked for, and what is noted is the history", async () => {
  const { training } = newton(5);
  const { history, final } = await train(training);
  assert.deepEqual(
    history.map(({ step }) => step),
    [2, 4],
  );
  // 577/408 is the fourth convergent that Newton's method finds from 1, after 3/2 and 17/12.
  assert.ok(Math.abs(history[0]!["x"]! - 17 / 12) < 1e-15);
  assert.deepEqual(final, { x: history[1]!["x"] });
  assert.equal(training.done, 5);
});

test("it ends early where it is over", async () => {
  const { training, x } = newton(100);
  await train(training);
  assert.equal(training.done, 6);
  assert.ok(Math.abs(x.value - Math.SQRT2) < 1e-15);
});

test("restored, it goes on from where it was saved", () => {
  const [whole, cut, resumed] = [newton(), newton(), newton()];
  while (whole.training.done < 4) whole.training.advance();
  while (cut.training.done < 3) {
    cut.training.advance();
    if (cut.training.done >= 2) break;
  }
  resumed.training.restore(cut.training.state());
  while (resumed.training.done < 4) resumed.training.advance();
  assert.equal(resumed.x.value, whole.x.value);
});

test("without a state it trains but cannot be saved; steps that are no positive integer are refused", () => {
  const training = new CustomTraining({ steps: 1, step: () => {} });
  training.advance();
  assert.throws(() => training.state(), /CustomTraining: state is undefined, expected what the steps change/);
  for (const steps of [0, -1, 1.5, Number.NaN]) {
    assert.throws(
      () => new CustomTraining({ steps, step: () => {} }),
      /steps is .*, expected an integer of 1/,
    );
  }
});

test("an error within a step reaches the caller, and the steps before it are counted", () => {
  const training = new CustomTraining({
    steps: 10,
    step: (step) => {
      if (step === 3) throw new Error("no third step");
    },
  });
  assert.throws(() => {
    while (training.done < 10) training.advance();
  }, /no third step/);
  assert.equal(training.done, 2);
});
