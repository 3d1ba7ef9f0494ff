import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { nativeBinding } from "../backend";
import { onlyNative } from "../testing/only-native";
import { tf } from "../tf";
import { compile } from "./compile";
import { nativeBackend } from "./recording";
import { freeIdleSessions } from "./sessions";
import "../../notebook/use-environment";

const skip = onlyNative("the other backends compile no steps");

beforeEach(freeIdleSessions);
afterEach(freeIdleSessions);

/** A step w ← scale · w + x for several variables that start as 0, 1, …, and its call. */
function steps({ variables: count = 1, size = 1, scale = 2 }) {
  const variables = Array.from({ length: count }, (_, i) => tf.tidy(() => tf.variable(tf.fill([size], i))));
  const step = compile((x: tf.Tensor) => {
    for (const variable of variables) variable.assign(variable.mul(scale).add(x));
    return x.mul(1);
  });
  const call = (x: number) => tf.tidy(() => void step(tf.scalar(x)));
  const first = () => variables.map((variable) => variable.dataSync()[0]!);
  const dispose = () => {
    step.dispose();
    tf.dispose(variables);
  };
  return { variables, step, call, first, dispose };
}

/** The calls of a member of the binding while a function runs. */
function callsOf(name: "runSavedModel" | "loadSavedModel", run: () => void): number {
  const backend = nativeBackend()!;
  const { binding } = backend;
  const member = binding[name] as (...given: unknown[]) => unknown;
  let calls = 0;
  const value = (...given: unknown[]) => {
    calls++;
    return member.apply(binding, given);
  };
  backend.binding = Object.create(binding, { [name]: { value } });
  try {
    run();
  } finally {
    backend.binding = binding;
  }
  return calls;
}

const loaded = () => nativeBinding()!.getNumOfSavedModels();

test("reading many variables after a step takes two fetches", { skip }, () => {
  const { call, first, dispose } = steps({ variables: 30 });
  call(1);
  const expected = Array.from({ length: 30 }, (_, i) => 2 * i + 1);
  assert.equal(
    callsOf("runSavedModel", () => assert.deepEqual(first(), expected)),
    2,
  );
  call(0);
  assert.deepEqual(
    first(),
    expected.map((value) => 2 * value),
  );
  dispose();
});

test("ending a step fetches the values of its variables at once, and of disposed ones none", { skip }, () => {
  const { variables, call, step } = steps({ variables: 30 });
  call(1);
  variables.slice(20).forEach((variable) => {
    variable.dispose();
  });
  const tensors = nativeBinding()!.getNumOfTensors();
  assert.equal(
    callsOf("runSavedModel", () => step.dispose()),
    1,
  );
  assert.equal(nativeBinding()!.getNumOfTensors() - tensors, 20);
  assert.deepEqual(
    variables.slice(0, 20).map((variable) => variable.dataSync()[0]),
    Array.from({ length: 20 }, (_, i) => 2 * i + 1),
  );
  tf.dispose(variables.slice(0, 20));
});

test("an equal step takes over the session of one that ended, with its own values", { skip }, () => {
  const one = steps({ variables: 3 });
  for (const x of [1, 2, 3]) one.call(x);
  const kept = one.variables[0]!.clone();
  one.step.dispose();
  const other = steps({ variables: 3 });
  assert.equal(
    callsOf("loadSavedModel", () => other.call(5)),
    0,
  );
  assert.deepEqual(other.first(), [5, 7, 9]);
  assert.deepEqual([kept.dataSync()[0], ...one.first()], [11, 11, 19, 27]);
  tf.dispose(kept);
  one.dispose();
  other.dispose();
});

test("steps that run at the same time, and steps with other constants or shapes, share no session", {
  skip,
}, () => {
  const one = steps({});
  const other = steps({});
  one.call(1);
  assert.equal(
    callsOf("loadSavedModel", () => other.call(2)),
    1,
  );
  assert.deepEqual([one.first(), other.first()], [[1], [2]]);
  one.dispose();
  other.dispose();
  for (const different of [steps({ scale: 3 }), steps({ size: 2 }), steps({ variables: 2 })]) {
    assert.equal(
      callsOf("loadSavedModel", () => different.call(1)),
      1,
    );
    different.dispose();
  }
});

test("few sessions are kept idle, and none of more than 64 MB", { skip }, () => {
  const before = loaded();
  for (let size = 1; size <= 20; size++) {
    const step = steps({ size });
    step.call(1);
    step.dispose();
  }
  assert.equal(loaded() - before, 16);
  for (const [megabytes, expected] of [
    [65, 16], // is not kept
    [60, 16],
    [5, 1], // both would take more than 64 MB, so that all before it are freed
  ] as const) {
    const large = steps({ size: megabytes * 2 ** 18 });
    large.call(1);
    large.dispose();
    assert.equal(loaded() - before, expected);
  }
});
