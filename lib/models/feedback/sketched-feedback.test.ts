import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../backend/tf";
import { RandomState } from "../../random/numpy";
import { TorchGenerator } from "../../random/torch";
import type { LinearWeights } from "./feedback";
import { SketchedFeedback } from "./sketched-feedback";

const shapes = { fc1: [20, 33] as [number, number], fc2: [7, 20] as [number, number] };
const count = 20 * (33 + 7);
const size = 26;

const prepared = (seed: number) => {
  const feedback = new SketchedFeedback(size);
  feedback.prepare(shapes, new TorchGenerator(seed));
  return feedback;
};

/** The weights of both layers from a flat list. */
function weightsOf(values: ArrayLike<number>): LinearWeights {
  const all = tf.tensor2d(Float32Array.from(values), [20, 40]);
  const [fc1, fc2] = tf.split(all, [33, 7], 1);
  return { fc1: fc1 as tf.Tensor2D, fc2: fc2!.transpose<tf.Tensor2D>() };
}

const featuresOf = (feedback: SketchedFeedback, values: ArrayLike<number>) =>
  tf.tidy(() => feedback.features(weightsOf(values)).dataSync<"float32">());

test("each weight is added with a sign to one output, and outputs receive equally many weights", () => {
  const feedback = prepared(1);
  const scale = Math.sqrt((2 * size) / (count + size));
  const filled = new Int32Array(size);
  let positive = 0;
  for (let i = 0; i < count; i++) {
    const one = new Float32Array(count);
    one[i] = 1;
    const features = [...featuresOf(feedback, one)];
    const [into, ...others] = features.flatMap((value, j) => (value === 0 ? [] : [j]));
    assert.equal(others.length, 0);
    assert.ok(Math.abs(Math.abs(features[into!]!) - scale) < 1e-6);
    filled[into!]!++;
    if (features[into!]! > 0) positive++;
  }
  assert.ok(Math.max(...filled) - Math.min(...filled) <= 1, `${filled}`);
  assert.ok(positive > 0.4 * count && positive < 0.6 * count, `${positive} of ${count}`);
  feedback.dispose();
});

test("the outputs have the variance of Xavier-uniform columns, and the map is linear", () => {
  const values = new RandomState(0).randn(count);
  const energy = values.reduce((sum, value) => sum + value ** 2, 0);
  const seeds = 200;
  let mean = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const feedback = prepared(seed);
    const features = featuresOf(feedback, values);
    mean += features.reduce((sum, value) => sum + value ** 2, 0) / size / seeds;
    feedback.dispose();
  }
  const expected = (2 / (count + size)) * energy;
  assert.ok(Math.abs(mean / expected - 1) < 0.05, `${mean} is not ${expected}`);
  const feedback = prepared(3);
  const [once, thrice] = [values, values.map((value) => 3 * value)].map((each) => featuresOf(feedback, each));
  assert.ok(once!.every((value, i) => Math.abs(3 * value - thrice![i]!) < 1e-5));
  feedback.dispose();
});

test("dispose frees the permutation and the signs", () => {
  const before = tf.memory().numTensors;
  const feedback = prepared(1);
  assert.equal(tf.memory().numTensors, before + 2);
  feedback.dispose();
  assert.equal(tf.memory().numTensors, before);
});
