import assert from "node:assert/strict";
import { test } from "node:test";
import { digestsOf } from "../data/fetch/manifest";
import { type ExperimentKey, keyOf } from "./run-key";
import "../notebook/use-environment";

const experiment = { notebook: "99-test", version: 1, data: ["a digest"], settings: { lr: 0.1 } };
const keyWith = (value: unknown) => keyOf({ value } as never, experiment);

test("ordinary values keep the keys under which runs are committed", () => {
  const zero = {
    ...{ bias: 0.01, examples: 60000, batchSize: 64, testBatchSize: 1000, lr: 0.1 },
    ...{ stepSize: 12, gamma: 0.7, logInterval: 50, rankTolerance: 1e-4 },
  };
  assert.equal(
    keyOf(
      { init: "Partial_Identity", hidden: 256, epochs: 1, seed: 1 },
      { notebook: "03-zero-initialization", version: 1, data: digestsOf("mnist"), settings: zero },
    ),
    "b375cc27f2849282",
  );
  const subspace = {
    ...{ batchSize: 256, lr: 3e-3, betas: [0.9, 0.99], testEvery: 100, examples: 60000, logEvery: 10 },
    ...{ rankEvery: 1000, deviations: [0.001, 0.001, 0.01], hiddenDim: 200, totalSteps: 11718 },
  };
  assert.equal(
    keyOf(
      { omegaDim: null, projection: "dense", seed: 123 },
      { notebook: "00-subspace-training", version: 2, data: digestsOf("mnist"), settings: subspace },
    ),
    "4cfc3d46192e6e65",
  );
});

test("values that differ have keys that differ, also those that JSON writes alike", () => {
  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, 5e-324];
  const texts = [
    "",
    "null",
    "NaN",
    "Infinity",
    "-0",
    "0",
    "true",
    "[]",
    '{"number":"NaN"}',
    "\u2028",
    "\ud800",
  ];
  const values = [...numbers, ...texts, null, true, false];
  const all = [...values, ...values.map((value) => [value]), [], [[]], [0, 1], [1, 0], undefined];
  const keys = all.map(keyWith);
  assert.equal(new Set(keys).size, all.length);
});

test("the order of names does not matter, and a field that is undefined counts as absent", () => {
  const key = keyOf({ a: 1, b: [2, 3] }, experiment);
  assert.equal(keyOf({ b: [2, 3], a: 1 }, experiment), key);
  assert.equal(keyOf({ a: 1, b: [2, 3], c: undefined } as never, experiment), key);
});

test("the configuration, the settings, the version, the notebook and the data each change the key", () => {
  const config = { a: 1 };
  const others: ExperimentKey[] = [
    { ...experiment, notebook: "98-test" },
    { ...experiment, version: 2 },
    { ...experiment, data: ["another digest"] },
    { ...experiment, data: ["a digest", "another digest"] },
    { ...experiment, data: [] },
    { ...experiment, settings: {} },
    { ...experiment, settings: { lr: 0.1, a: 1 } },
  ];
  const keys = [experiment, ...others].map((one) => keyOf(config, one));
  assert.equal(new Set([...keys, keyOf({}, experiment)]).size, 9);
  const { data: _, ...withoutData } = experiment;
  assert.equal(keyOf(config, withoutData), keyOf(config, { ...experiment, data: [] }));
});

test("a value that a key cannot represent is refused with its place", () => {
  const refused = [{}, new Date(0), new Float32Array(2), new Map(), 1n, () => 1, Symbol("s")];
  for (const value of refused) assert.throws(() => keyWith(value), /config\.value is \w+; expected a number/);
  assert.throws(() => keyWith([1, undefined]), /config\.value\[1\] is undefined/);
  assert.throws(() => keyWith(new Array(2)), /config\.value\[0\] is undefined/);
  assert.throws(() => keyOf(new Map([["seed", 1]]) as never, experiment), /config is a Map/);
  assert.throws(() => keyOf({}, { ...experiment, settings: [1] as never }), /settings is a Array/);
});
