import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { cleanUpAfterCutOff, lastly } from "./cut-off";
import { variableGrads } from "./variable-grads";
import "./tf";

test("each clean-up runs once: after the work, after an error, or, innermost first, when the work is cut off", () => {
  const order: string[] = [];
  const note = (text: string) => () => void order.push(text);
  assert.equal(
    lastly(() => 1, note("end")),
    1,
  );
  assert.throws(() => lastly(() => assert.fail("error"), note("error")));
  lastly(() => lastly(cleanUpAfterCutOff, note("inner")), note("outer"));
  assert.deepEqual(order.slice(0, 4), ["end", "error", "inner", "outer"]);
});

test("gradients, scopes and memory are correct after a computation was cut off", () => {
  const x = tf.variable(tf.scalar(3));
  const { numTensors } = tf.memory();
  // An interrupt leaves behind a scope, a tape and a kernel that were begun and never ended.
  const engine = tf.engine() as unknown as {
    startScope(): void;
    startTape(): void;
    state: { kernelDepth: number };
  };
  engine.startScope();
  engine.startTape();
  engine.state.kernelDepth++;
  tf.ones([10]);
  assert.throws(() => variableGrads(() => x.square(), [x]), /Cannot find a connection/);
  cleanUpAfterCutOff();
  assert.equal(tf.memory().numTensors, numTensors);
  const { value, grads } = variableGrads(() => x.square(), [x]);
  assert.deepEqual([value.dataSync()[0], Object.values(grads)[0]!.dataSync()[0]], [9, 6]);
});
