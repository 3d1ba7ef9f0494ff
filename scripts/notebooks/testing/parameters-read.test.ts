import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersRead } from "./parameters-read";

/** What an experiment reads whose `start` is this, among other cells. */
const readBy = (start: string, cells = "") =>
  parametersRead(`const params = parameters({ lr: 1, decay: 2, count: 3 });
    ${cells}
    const experiment = defineExperiment({ settings: { lr: params.lr }, ${start} });`)[0];

test("what a training is handed is not read from outside, even by the name of something that is", () => {
  assert.deepEqual(readBy("start: ({ seed }, { settings }) => train(seed, settings.lr)"), []);
  const shadowed = "start(config, { settings }) { const { lr } = settings; return train(lr); }";
  assert.deepEqual(readBy(shadowed, "const { lr } = params;"), []);
});

test("a parameter is read by its name, by destructuring, by a helper, a default, a derived value, a loop or a type", () => {
  assert.deepEqual(readBy("start: () => train(params.lr)"), ["lr"]);
  assert.deepEqual(readBy("start: () => train(params)"), ["params"]);
  assert.deepEqual(readBy("start: () => ({ rate })", "const { lr: rate } = params;"), ["lr"]);
  assert.deepEqual(readBy("start() { return help(); }", "function help() { return params.decay; }"), [
    "decay",
  ]);
  assert.deepEqual(readBy("start: () => f()", "const f = (x = params.decay) => x;"), ["decay"]);
  assert.deepEqual(readBy("start: () => g", "const half = params.lr / 2; const { g } = { g: [half] };"), [
    "lr",
  ]);
  assert.deepEqual(readBy("start: () => new Net()", "class Net { rate = params.lr; }"), ["lr"]);
  assert.deepEqual(readBy("start: (config: Config) => 1", "type Config = typeof params;"), []);
});

test("what the maker of an experiment is given counts, but not what is given to functions that start calls", () => {
  const cells = `const on = (data, name) => defineExperiment({ start: () => train(data) });
    on(load(params.count), params.lr);
    function net(rate) { return rate; }
    net(params.decay);`;
  const experiments = parametersRead(`const params = parameters({}); ${cells}
    defineExperiment({ start: (config, { settings }) => net(settings.rate) });`);
  assert.deepEqual(experiments, [["count"], []]);
});
