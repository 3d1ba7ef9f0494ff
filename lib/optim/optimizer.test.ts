import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { compile, NotFiniteError } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import { crossEntropy } from "../training/loss";
import { Adam, type AdamOptions } from "./adam";
import { AdamW } from "./adamw";
import * as torch from "./fixtures/optimizers.json";
import { type Gradients, Optimizer, type Scalars, type Slot } from "./optimizer";
import { SGD, type SGDOptions } from "./sgd";

type Run = (typeof torch.runs)[number];
type Options = Partial<SGDOptions & AdamOptions>;

const inputs = tf.tensor2d(torch.inputs, [6, 5]);
const labels = tf.tensor1d(torch.labels, "int32");

/** The fixture's network at its initial parameters. */
function network(): NamedVariables {
  const initial = Object.entries(torch.initial).map(([name, values]) => {
    const shape = torch.shapes[name as keyof typeof torch.shapes];
    return [name, tf.tidy(() => tf.variable(tf.tensor(values, shape)))];
  });
  return Object.fromEntries(initial);
}

function lossOf(parameters: NamedVariables): tf.Scalar {
  const layer = (name: string, x: tf.Tensor) =>
    tf.add(tf.matMul(x, parameters[`${name}.weight`]!, false, true), parameters[`${name}.bias`]!);
  return crossEntropy(layer("l2", tf.tanh(layer("l1", inputs))) as tf.Tensor2D, labels);
}

/** The optimizer of a run, weights and biases a group each. */
function optimizerOf(run: Run, parameters: NamedVariables): SGD | Adam {
  const only = (kind: string) =>
    Object.fromEntries(Object.entries(parameters).filter(([name]) => name.endsWith(kind)));
  const groups = [
    { parameters: only("weight"), ...(run.weights as Options) },
    { parameters: only("bias"), ...(run.biases as Options) },
  ];
  const Kind = { SGD, Adam, AdamW }[run.optimizer]!;
  return new Kind(groups, run.options as Options);
}

/** Takes the steps `from` to `to` and returns the losses before them. */
function train(
  run: Run,
  optimizer: SGD | Adam,
  parameters: NamedVariables,
  from: number,
  to: number,
): number[] {
  const losses: number[] = [];
  for (let step = from; step <= to; step++) {
    tf.tidy(() => {
      const { loss, gradients } = optimizer.differentiate(() => lossOf(parameters));
      const given = Object.entries(gradients).filter(([name]) => step % 2 === 1 || name !== run.skipped);
      optimizer.step(Object.fromEntries(given));
      losses.push(loss.dataSync()[0]!);
    });
  }
  return losses;
}

function valuesOf(parameters: NamedVariables): Record<string, number[]> {
  return Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, Array.from(p.dataSync())]));
}

/** Within 1e-5 of the largest number expected. */
function assertClose(got: number[], expected: number[], what: string): void {
  assert.equal(got.length, expected.length);
  const tolerance = 1e-5 * Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => {
    assert.ok(Math.abs(got[i]! - value) <= tolerance, `${what}, entry ${i}: ${got[i]} is not ${value}`);
  });
}

for (const run of torch.runs) {
  test(`${run.name} follows PyTorch for 100 steps`, () => {
    const parameters = network();
    const optimizer = optimizerOf(run, parameters);
    const losses: number[] = [];
    for (const [step, expected] of Object.entries(run.parameters)) {
      losses.push(...train(run, optimizer, parameters, losses.length + 1, Number(step)));
      const got = valuesOf(parameters);
      for (const [name, values] of Object.entries(expected)) {
        assertClose(got[name]!, values, `${name} after step ${step}`);
      }
    }
    run.losses.forEach((loss, i) => {
      assertClose([losses[i]!], [loss], `the loss of step ${i + 1}`);
    });
  });

  test(`${run.name} goes on from a saved state bit for bit`, () => {
    const parameters = network();
    const optimizer = optimizerOf(run, parameters);
    train(run, optimizer, parameters, 1, 5);
    optimizer.groups[1]!.lr = 0.004;
    const state = optimizer.state();
    const copies: NamedVariables = Object.fromEntries(
      Object.entries(parameters).map(([name, p]) => [name, tf.variable(p.clone())]),
    );
    train(run, optimizer, parameters, 6, 10);

    const restored = optimizerOf(run, copies);
    restored.restore(state);
    train(run, restored, copies, 6, 10);
    assert.deepEqual(valuesOf(copies), valuesOf(parameters));
    assert.deepEqual(restored.state(), optimizer.state());
  });
}

test("minimize returns the loss before the step and leaks no tensor, dispose leaves the parameters only", () => {
  const before = tf.memory().numTensors;
  const parameters = network();
  for (const run of torch.runs) {
    const optimizer = optimizerOf(run, parameters);
    const held = tf.memory().numTensors;
    const expected = tf.tidy(() => lossOf(parameters).dataSync()[0]);
    for (let step = 1; step <= 3; step++) {
      const loss = optimizer.minimize(() => lossOf(parameters));
      if (step === 1) assert.equal(loss.dataSync()[0], expected);
      loss.dispose();
      assert.equal(tf.memory().numTensors, held);
    }
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, before + 4);
  }
});

test("a step reads no tensor", () => {
  for (const run of torch.runs) {
    const parameters = network();
    const optimizer = optimizerOf(run, parameters);
    const { gradients } = optimizer.differentiate(() => lossOf(parameters));
    const reading = mock.method(tf.Tensor.prototype, "dataSync", () => assert.fail("a tensor was read"));
    optimizer.step(gradients);
    reading.mock.restore();
  }
});

for (const run of torch.runs) {
  test(`${run.name} takes the same steps in a compiled step, while its learning rate changes`, () => {
    const train = (how: typeof compile) => {
      const parameters = network();
      const optimizer = optimizerOf(run, parameters);
      const step = how((scale: tf.Tensor) => {
        const { loss, gradients } = optimizer.differentiate(() => tf.mul(lossOf(parameters), scale));
        optimizer.step(gradients);
        return loss;
      });
      for (let i = 1; i <= 30; i++) {
        if (i % 10 === 0) for (const group of optimizer.groups) group.lr *= 0.5;
        tf.tidy(() => step(tf.scalar(1)));
      }
      return { parameters: valuesOf(parameters), state: optimizer.state() };
    };
    const [compiled, eager] = [train(compile), train(((step: object) => step) as typeof compile)];
    for (const [name, values] of Object.entries(eager.parameters)) {
      assertClose(compiled.parameters[name]!, values, name);
    }
    for (const name of ["l1.weight", "l2.bias"]) {
      assert.deepEqual(compiled.state[`step.${name}`]!.values, Uint32Array.of(30));
    }
  });
}

test("a step whose loss is not finite is not counted, nor are those after it", () => {
  const weight = tf.variable(tf.ones([2]));
  const adam = new Adam({ weight }, { lr: 0.1 });
  const step = compile(
    (scale: tf.Tensor) => {
      const { loss, gradients } = adam.differentiate(() => tf.sum(tf.mul(weight, scale)));
      adam.step(gradients);
      return loss;
    },
    { finite: true },
  );
  assert.throws(() => step.scan(tf.tensor1d([1, 1, Number.POSITIVE_INFINITY, 1])), NotFiniteError);
  assert.deepEqual(adam.state()["step.weight"]!.values, Uint32Array.of(2));
});

type LionOptions = { lr: number; beta1: number; beta2: number };

/** Lion (Chen et al. 2023, algorithm 2), as a user of the library writes it. */
class Lion extends Optimizer<LionOptions> {
  protected defaults() {
    return { lr: 1e-4, beta1: 0.9, beta2: 0.99 };
  }

  protected override bufferNames() {
    return ["momentum"];
  }

  protected update({ parameter, group, buffers }: Slot<LionOptions>, gradient: tf.Tensor, { lr }: Scalars) {
    const momentum = buffers["momentum"]!;
    const mixed = (beta: number) => tf.add(tf.mul(momentum, beta), tf.mul(gradient, 1 - beta));
    parameter.assign(tf.sub(parameter, tf.mul(tf.sign(mixed(group.beta1)), lr!)));
    momentum.assign(mixed(group.beta2));
  }
}

test("an optimizer of a user's own checks its options, steps, and saves its state", () => {
  const weight = tf.variable(tf.tensor1d([1, -1]));
  assert.throws(() => new Lion({ weight }, { lr: -1 }), /lr is -1, expected a finite number/);
  assert.throws(() => new Lion({ weight }, { beta: 1 } as object), /Lion has no option beta/);
  const lion = new Lion({ weight }, { lr: 0.25 });
  lion.step({ weight: tf.tensor1d([3, -2]) });
  lion.step({ weight: tf.tensor1d([-0.1, -2]) });
  // By hand: the momentum of 0.03 outweighs the second gradient of -0.1 only in part: 0.9·0.03 - 0.1·0.1 > 0.
  assert.deepEqual(Array.from(weight.dataSync()), [0.5, -0.5]);
  assert.deepEqual(lion.state()["step.weight"]!.values, Uint32Array.of(2));
  assert.deepEqual(Object.keys(lion.state()), ["lr", "step.weight", "momentum.weight"]);
});

test("a loss that is no scalar is refused by its shape", () => {
  const weight = tf.variable(tf.ones([2]));
  const sgd = new SGD({ weight });
  assert.throws(
    () => sgd.minimize(() => weight.square() as tf.Tensor as tf.Scalar),
    /The loss is \[2\], expected a scalar/,
  );
});

test("a learning rate set on a group is the next step's", () => {
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const sgd = new SGD({ weight }, { lr: 0.5 });
  sgd.groups[0]!.lr = 0.25;
  sgd.step({ weight: tf.tensor1d([4, -4]) });
  assert.deepEqual(Array.from(weight.dataSync()), [0, 3]);
});

test("gradients that do not fit are refused and nothing changes", () => {
  const parameters = network();
  const adam = new Adam(parameters);
  const [values, state] = [valuesOf(parameters), adam.state()];
  const good = tf.zeros([4]);
  const step = (gradients: Gradients) => () => adam.step({ "l1.bias": good, ...gradients });
  assert.throws(step({ "l2.bias": tf.zeros([4]) }), /The gradient of "l2\.bias" is \[4\], expected \[3\]/);
  assert.throws(step({ l3: good }), /No parameter is named "l3", expected one of l1\.weight, l1\.bias/);
  assert.throws(() => {
    adam.groups[0]!.lr = Number.NaN;
  }, /lr is NaN, expected a finite number from 0/);
  assert.deepEqual(valuesOf(parameters), values);
  assert.deepEqual(adam.state(), state);
});

test("a parameter that the loss does not depend on keeps its value, and is not counted a step", () => {
  const [used, unused] = [tf.variable(tf.ones([2])), tf.variable(tf.ones([2]))];
  const adamw = new AdamW({ used, unused });
  adamw.minimize(() => tf.sum(used)).dispose();
  assert.deepEqual(Array.from(unused.dataSync()), [1, 1]);
  assert.equal(adamw.state()["step.unused"]!.values[0], 0);
  assert.equal(adamw.state()["step.used"]!.values[0], 1);
});

test("parameters that are none, no float32 variables, or given twice are refused", () => {
  const [weight, bias] = [tf.variable(tf.zeros([2])), tf.variable(tf.zeros([2]))];
  assert.throws(() => new SGD({}), /no parameters, expected at least one/);
  assert.throws(() => new SGD([]), /no parameters, expected at least one/);
  assert.throws(
    () => new SGD([{ parameters: { weight } }, { parameters: { bias, tied: weight } }]),
    /Parameters "weight" and "tied" are one variable, expected it once/,
  );
  assert.throws(
    () => new SGD([{ parameters: { weight } }, { parameters: { weight: bias } }]),
    /Two parameters are named "weight", expected one/,
  );
  assert.throws(
    () => new SGD({ weight: tf.zeros([2]) as tf.Variable }),
    /Parameter "weight" is no tf\.Variable, expected one/,
  );
  assert.throws(
    () => new SGD({ weight: tf.variable(tf.zeros([2], "int32")) }),
    /Parameter "weight" is int32, expected float32/,
  );
});

test("a state that is not the optimizer's is refused and nothing changes", () => {
  const sgd = new SGD(network(), { momentum: 0.9 });
  const state = sgd.state();
  const { "step.l1.bias": _, ...lacking } = state;
  const changed = { ...state, lr: { shape: [1], values: Float64Array.of(7) } };
  assert.throws(
    () => sgd.restore({ ...lacking, "momentum.l3": state["momentum.l1.bias"]! }),
    /The state lacks \[step\.l1\.bias\], and \[momentum\.l3\] were not expected/,
  );
  assert.throws(
    () => sgd.restore({ ...changed, "momentum.l1.bias": state["momentum.l2.bias"]! }),
    /"momentum\.l1\.bias" is \[3\] in a Float32Array of 3, expected \[4\] in a Float32Array of 4/,
  );
  assert.throws(
    () => sgd.restore({ ...changed, "step.l1.bias": { shape: [], values: Int32Array.of(1) } }),
    /"step\.l1\.bias" is \[\] in a Int32Array of 1, expected \[\] in a Uint32Array of 1/,
  );
  assert.deepEqual(sgd.state(), state);
});

test("a state is a copy, and so is what is restored", () => {
  const weight = tf.variable(tf.zeros([2]));
  const sgd = new SGD({ weight }, { momentum: 0.9 });
  const state = sgd.state();
  sgd.step({ weight: tf.ones([2]) });
  assert.deepEqual(Array.from(state["momentum.weight"]!.values), [0, 0]);
  const stepped = sgd.state();
  sgd.restore(stepped);
  stepped["momentum.weight"]!.values.fill(5);
  assert.deepEqual(Array.from(sgd.state()["momentum.weight"]!.values), [1, 1]);
});
