import type { Experiment } from "../experiment";

/** An experiment whose training counts to three without tensors; `started` is called with each configuration trained. */
export function countingExperiment(
  started: (config: { seed: number }) => void = () => {},
): Experiment<{ seed: number }, { last: number }> {
  return {
    notebook: "99-test",
    version: 1,
    data: ["a digest"],
    settings: { end: 3 },
    nameOf: ({ seed }) => `seed ${seed}`,
    start(config) {
      started(config);
      let done = 0;
      return {
        steps: 3,
        get done() {
          return done;
        },
        advance: () => [{ step: ++done }],
        state: () => ({ done: { shape: [], values: Float64Array.of(done) } }),
        restore(state) {
          done = state["done"]!.values[0]!;
        },
        result: (history) => ({ last: history.at(-1)!.step }),
        dispose() {},
      };
    },
  };
}
