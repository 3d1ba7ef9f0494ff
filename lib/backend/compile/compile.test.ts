import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { linearDefault } from "../../initializers/torch-default";
import { MLP } from "../../models/mlp/mlp";
import { Adam } from "../../optim/adam";
import type { Optimizer } from "../../optim/optimizer";
import { SGD } from "../../optim/sgd";
import { TorchGenerator } from "../../random/torch";
import { crossEntropy } from "../../training/loss";
import { backend, nativeBinding } from "../backend";
import { onlyNative } from "../testing/only-native";
import { tf } from "../tf";
import { type CompileOptions, compile, GRAPHS_KEPT } from "./compile";
import { freeIdleSessions } from "./sessions";
import "../../notebook/use-environment";

const skip = onlyNative("the other backends compile no steps");

/** A network as its parameters and forward pass. */
interface Net {
  parameters: Record<string, tf.Variable>;
  forward(x: tf.Tensor): tf.Tensor2D;
}

const normal = (generator: TorchGenerator, shape: number[], scale = 0.1) =>
  tf.tidy(() => tf.variable(tf.tensor(generator.randn(shape), shape).mul(scale)));

const nets: Record<string, (generator: TorchGenerator) => Net> = {
  dense(generator) {
    const mlp = new MLP([36, 20, 5], (shape) => linearDefault(shape, generator));
    return { parameters: mlp.parameters, forward: (x) => mlp.forward(x.reshape([-1, 36])) };
  },
  convolutional(generator) {
    const parameters = {
      kernel: normal(generator, [3, 3, 1, 4]),
      bias: normal(generator, [4]),
      out: normal(generator, [16, 5]),
    };
    return {
      parameters,
      forward: (x) =>
        tf
          .conv2d(x as tf.Tensor4D, parameters.kernel as tf.Tensor as tf.Tensor4D, 1, "valid")
          .add(parameters.bias)
          .maxPool<tf.Tensor4D>(2, 2, "valid")
          .relu()
          .reshape([-1, 16])
          .matMul(parameters.out as tf.Tensor2D) as tf.Tensor2D,
    };
  },
  "of a subspace"(generator) {
    const projector = normal(generator, [185, 8], 1);
    const start = tf.tensor1d(generator.randn([185]));
    const parameters = { omega: normal(generator, [8]) };
    return {
      parameters,
      forward(x) {
        const theta = projector.dot(parameters.omega).add(start) as tf.Tensor1D;
        const weight = theta.slice(0, 180).reshape([36, 5]);
        return x.reshape([-1, 36]).matMul(weight).add(theta.slice(180, 5)) as tf.Tensor2D;
      },
    };
  },
  "that reads its own weights"(generator) {
    const parameters = { weight: normal(generator, [36, 12]), out: normal(generator, [21, 5]) };
    return {
      parameters,
      forward(x) {
        const pooled = tf.avgPool(
          parameters.weight.reshape([1, 36, 12, 1]) as tf.Tensor4D,
          [12, 4],
          [12, 4],
          "valid",
        );
        const hidden = x
          .reshape([-1, 36])
          .matMul(parameters.weight as tf.Tensor2D)
          .relu();
        const feedback = pooled.reshape([1, 9]).tile([x.shape[0], 1]);
        return tf.concat([hidden, feedback], 1).matMul(parameters.out as tf.Tensor2D) as tf.Tensor2D;
      },
    };
  },
};

/** The losses of a hundred steps on batches of 8 examples, with 5 in every tenth. */
function losses(make: (generator: TorchGenerator) => Net, how: typeof compile, adam: boolean): number[] {
  const generator = new TorchGenerator(1);
  const net = make(generator);
  const optimizer: Optimizer<{ lr: number }> = adam
    ? new Adam(net.parameters, { lr: 0.01 })
    : new SGD(net.parameters, { lr: 0.1, momentum: 0.9 });
  const step = how((x: tf.Tensor, y: tf.Tensor1D) => {
    const { loss, gradients } = optimizer.differentiate(() => crossEntropy(net.forward(x), y));
    optimizer.step(gradients);
    return loss;
  });
  return Array.from({ length: 100 }, (_, i) => {
    const count = i % 10 === 9 ? 5 : 8;
    const x = tf.tensor4d(generator.rand([count, 6, 6, 1]), [count, 6, 6, 1]);
    const y = tf.tensor1d(
      Int32Array.from({ length: count }, (_, k) => (k * 7) % 5),
      "int32",
    );
    if (i === 50) for (const group of optimizer.groups) group.lr *= 0.5;
    const loss = step(x, y);
    tf.dispose([x, y]);
    return loss.dataSync()[0]!;
  });
}

const eagerly = ((step: object) => Object.assign(step, { dispose() {} })) as unknown as typeof compile;

// With several threads the order of summation varies.
const tolerance = backend().threads === 1 ? 0 : 1e-6;

for (const [name, make] of Object.entries(nets)) {
  for (const adam of [false, true]) {
    test(`a hundred compiled steps of a net ${name} with ${adam ? "Adam" : "SGD"} equal eager steps`, {
      skip,
    }, (t) => {
      const warn = t.mock.method(console, "warn");
      const [expected, actual] = [losses(make, eagerly, adam), losses(make, compile, adam)];
      for (const [i, loss] of expected.entries()) {
        assert.ok(Math.abs(actual[i]! - loss) <= tolerance * loss, `step ${i}: ${actual[i]} is not ${loss}`);
      }
      assert.equal(warn.mock.callCount(), 0);
    });
  }
}

const doubling = () => {
  const variable = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => {
    variable.assign(variable.mul(x));
    return [variable.add(1), x.mul(2)];
  });
  const call = (by: number) =>
    tf.tidy(() => (step(tf.scalar(by)) as tf.Tensor[]).map((tensor) => tensor.dataSync()[0]));
  return { variable, step, call };
};

test("on one thread compiled steps equal eager steps to the last bit", { skip }, () => {
  const args = ["--import", "tsx", "--test-name-pattern", "a hundred compiled steps", __filename];
  const env = { ...process.env, WEIGHTSPACE_THREADS: "1", NODE_TEST_CONTEXT: "" };
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  assert.match(stdout, /^# pass 8$/m, stdout + stderr);
});

/** A step w ← w·x that returns the previous w, and 2·x. */
const multiplying = (options: CompileOptions = {}) => {
  const variable = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => {
    const before = variable.clone().mul(1);
    variable.assign(variable.mul(x));
    return [before, x.mul(2)];
  }, options);
  return { variable, step };
};

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

test("scan runs a step for each entry of its inputs, in order, and stacks the outputs", () => {
  const { variable, step } = multiplying();
  for (const count of [4, 1, 2]) {
    variable.assign(tf.scalar(1));
    const [before, doubled] = step.scan(tf.tensor1d([2, 3, 5, 7].slice(0, count)));
    assert.deepEqual(numbers(before!), [1, 2, 6, 30].slice(0, count));
    assert.deepEqual(numbers(doubled!), [4, 6, 10, 14].slice(0, count));
    assert.deepEqual(numbers(variable), [[2], [6], [], [210]][count - 1]);
  }
});

test("scan rejects inputs whose first axes differ or are empty", () => {
  const { step } = multiplying();
  assert.throws(() => step.scan(tf.zeros([0])), /inputs of scan are \[0\], expected a common first axis/);
  const two = compile((x: tf.Tensor, y: tf.Tensor) => x.add(y));
  assert.throws(() => two.scan(tf.zeros([2]), tf.zeros([3])), /inputs of scan are \[2\], \[3\]/);
});

test("reading, copying and assigning a variable between calls see its current value", () => {
  const { variable, step } = multiplying();
  const call = (x: number) => tf.tidy(() => void step(tf.scalar(x)));
  call(2);
  const copy = variable.clone();
  call(3);
  const later = variable.clone();
  call(5);
  assert.deepEqual(
    [copy, later, variable].map((tensor) => numbers(tensor)[0]),
    [2, 6, 30],
  );
  const moved = variable.clone();
  variable.assign(tf.scalar(10));
  call(7);
  assert.deepEqual(
    [moved, variable].map((tensor) => numbers(tensor)[0]),
    [30, 70],
  );
});

test("graphs of two shapes, and two compiled steps, share their variables", () => {
  const variable = tf.variable(tf.zeros([]));
  const adding = compile((x: tf.Tensor) => {
    variable.assign(variable.add(x.sum()));
    return x.sum();
  });
  const doubling = compile((x: tf.Tensor) => {
    variable.assign(variable.mul(x));
    return x.mul(1);
  });
  adding(tf.ones([3]));
  adding(tf.ones([4]));
  doubling(tf.scalar(10));
  adding(tf.ones([3]));
  assert.deepEqual(numbers(variable), [73]);
  adding.dispose();
  doubling.dispose();
  assert.deepEqual(numbers(variable), [73]);
});

test("the array from which a variable was made stays unchanged", () => {
  const array = Float32Array.of(1, 2);
  const weight = tf.variable(tf.tensor1d(array));
  const optimizer = new SGD({ weight }, { lr: 1 });
  const step = compile((x: tf.Tensor) => {
    const { loss, gradients } = optimizer.differentiate(() => weight.mul(x).sum());
    optimizer.step(gradients);
    return loss;
  });
  for (let i = 0; i < 3; i++) step(tf.ones([2]));
  assert.deepEqual(
    [numbers(weight), [...array]],
    [
      [-2, -1],
      [1, 2],
    ],
  );
});

test("a non-finite first output stops the scan before it assigns, and the error names the call", () => {
  const { variable, step } = multiplying({ finite: true });
  const scan = (...by: number[]) => tf.tidy(() => step.scan(tf.tensor1d(by)));
  scan(2, 3);
  // 6·1e37·1e37 overflows, so the next call reads a variable that is not finite.
  assert.throws(() => scan(1e37, 1e37, 5, 7), {
    name: "NotFiniteError",
    call: 2,
    value: Number.POSITIVE_INFINITY,
  });
  assert.deepEqual(numbers(variable), [Number.POSITIVE_INFINITY]);
  variable.assign(tf.scalar(2));
  assert.throws(() => scan(3, Number.NaN, 5), { call: 2 });
  variable.assign(tf.scalar(Number.NaN));
  assert.throws(() => step(tf.scalar(1)), /the first output of a step is NaN, expected a finite number/);
  variable.assign(tf.scalar(4));
  scan(5);
  assert.deepEqual(numbers(variable), [20]);
});

test("rejects a first output that must be finite but is not a scalar", { skip }, () => {
  const step = compile((x: tf.Tensor) => x.mul(2), { finite: true });
  assert.throws(() => step(tf.zeros([2])), /first output of a step is float32 \[2\], expected a scalar/);
});

test("variables are read and written between calls, and outputs keep their order", () => {
  const { variable, call } = doubling();
  for (const by of [2, 3, 4]) call(by);
  assert.deepEqual(variable.dataSync()[0], 24);
  variable.assign(tf.scalar(10));
  assert.deepEqual(call(5), [51, 10]);
  assert.deepEqual(variable.dataSync()[0], 50);
});

test("a step that draws random numbers or reads a tensor runs eagerly and warns once", { skip }, (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const drawing = compile((x: tf.Tensor) => x.add(tf.randomNormal([2])));
  const sums = new Set(Array.from({ length: 6 }, () => drawing(tf.zeros([2])).dataSync()[0]));
  assert.equal(sums.size, 6);
  assert.match(
    warn.mock.calls[0]!.arguments[0],
    /different constants at each call, for ".*": pass them as inputs/,
  );
  const reading = compile((x: tf.Tensor) => x.mul(x.dataSync()[0]!));
  for (const x of [2, 3, 4, 5]) assert.equal(reading(tf.scalar(x)).dataSync()[0], x * x);
  assert.match(warn.mock.calls[1]!.arguments[0], /it reads the values of a tensor/);
  assert.equal(warn.mock.callCount(), 2);
});

test("a captured tensor lives as long as the compiled step, even if disposed of elsewhere", { skip }, () => {
  const scale = tf.tensor1d([1, 2]);
  const step = compile((x: tf.Tensor) => x.mul(scale));
  const call = () => Array.from(step(tf.ones([2])).dataSync());
  for (let i = 0; i < 3; i++) call();
  scale.dispose();
  assert.deepEqual(call(), [1, 2]);
});

test("the error about a disposed variable of a compiled step names it", { skip }, () => {
  const { variable, call } = doubling();
  for (const by of [2, 3, 4]) call(by);
  variable.dispose();
  assert.throws(
    () => call(2),
    new RegExp(`the variable "${variable.name}" of a compiled step was disposed of`),
  );
});

test("a thousand compiled steps leak no tensor, and dispose frees the graph", { skip }, () => {
  const { variable, step, call } = doubling();
  for (const by of [1, 1, 1]) call(by);
  const [tensors, ours] = [nativeBinding()!.getNumOfTensors(), tf.memory().numTensors];
  for (let i = 0; i < 1000; i++) call(1);
  assert.deepEqual([nativeBinding()!.getNumOfTensors(), tf.memory().numTensors], [tensors, ours]);
  freeIdleSessions();
  const models = nativeBinding()!.getNumOfSavedModels();
  step.dispose();
  freeIdleSessions();
  assert.equal(nativeBinding()!.getNumOfSavedModels(), models - 1);
  call(2);
  assert.equal(variable.dataSync()[0], 2);
});

/** A step w ← 2w + Σx over inputs of any length, with a count of its runs in JavaScript. */
function ofAnyLength() {
  const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
  let runs = 0;
  const step = compile((x: tf.Tensor) => {
    runs++;
    variable.assign(variable.mul(2).add(x.sum()));
    return variable.mul(1);
  });
  const call = (length: number) => tf.tidy(() => step(tf.ones([length])).dataSync()[0]!);
  return { variable, step, call, runs: () => runs };
}

test("only the most recent graphs are kept, and variables outlive the others", { skip }, (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const binding = nativeBinding()!;
  freeIdleSessions();
  const [graphs, tensors] = [binding.getNumOfSavedModels(), tf.memory().numTensors];
  const { variable, step, call } = ofAnyLength();
  let expected = 1;
  for (let length = 1; length <= GRAPHS_KEPT + 4; length++) {
    expected = Math.fround(2 * expected + length);
    assert.equal(call(length), expected);
    freeIdleSessions();
    assert.equal(binding.getNumOfSavedModels() - graphs, Math.min(length, GRAPHS_KEPT));
  }
  // The value lies in the session of the last graph and must still be readable after that graph is freed.
  const value = variable.clone();
  step.dispose();
  assert.deepEqual([numbers(variable), numbers(value)], [[expected], [expected]]);
  tf.dispose([variable, value]);
  freeIdleSessions();
  assert.deepEqual([binding.getNumOfSavedModels(), tf.memory().numTensors], [graphs, tensors]);
  assert.equal(warn.mock.callCount(), 1);
  assert.match(warn.mock.calls[0]!.arguments[0], new RegExp(`inputs of more than ${GRAPHS_KEPT} shapes`));
});

test("a value assigned by the graph of one shape outlives that graph", { skip }, (t) => {
  t.mock.method(console, "warn", () => {});
  const [first, others] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
  const step = compile((x: tf.Tensor) => {
    const variable = x.size === 1 ? first : others;
    variable.assign(variable.add(x.sum()));
    return x.mul(2);
  });
  for (let length = 1; length <= GRAPHS_KEPT + 1; length++) tf.tidy(() => void step(tf.ones([length])));
  // 1 + 1; then 1 + 2 + … + 17.
  assert.deepEqual([first, others].map(numbers), [[2], [(GRAPHS_KEPT + 1) * (GRAPHS_KEPT / 2 + 1)]]);
  tf.tidy(() => void step(tf.ones([1])));
  assert.deepEqual(numbers(first), [3]);
  step.dispose();
});

test("the graph of a recurring shape is built once", { skip }, (t) => {
  t.mock.method(console, "warn", () => {});
  const { step, call, runs } = ofAnyLength();
  call(1);
  for (let length = 2; length <= GRAPHS_KEPT + 2; length++) {
    call(length);
    const before = runs();
    call(1);
    assert.equal(runs(), before);
  }
  const before = runs();
  call(2);
  assert.ok(runs() > before);
  step.dispose();
});

test("a step may return its input, a variable or a captured tensor without losing them", () => {
  const variable = tf.variable(tf.scalar(1));
  const constant = tf.scalar(5);
  const returning = {
    input: compile((x: tf.Tensor) => [x.mul(2), x]),
    variable: compile((x: tf.Tensor) => {
      variable.assign(variable.mul(x));
      return [x.mul(2), variable];
    }),
    constant: compile((x: tf.Tensor) => [x.mul(2), constant]),
  };
  const x = tf.scalar(3);
  const expected = { input: [3, 3], variable: [3, 9], constant: [5, 5] };
  for (const [name, step] of Object.entries(returning)) {
    const second = [0, 1].map(() => {
      const outputs = step(x);
      const value = numbers(outputs[1]!)[0];
      tf.dispose(outputs);
      return value;
    });
    assert.deepEqual(second, expected[name as keyof typeof expected]);
  }
  const [, scanned] = tf.tidy(() => returning.variable.scan(tf.tensor1d([1, 2])).map(numbers));
  assert.deepEqual(scanned, [9, 18]);
  assert.deepEqual([x, variable, constant].map(numbers), [[3], [18], [5]]);
});

test("an eager step leaks no tensor, whether it succeeds or fails", () => {
  const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
  const step = compile(
    (x: tf.Tensor) => {
      variable.assign(variable.mul(x));
      return [x.mul(2), variable];
    },
    { finite: true },
  );
  step.dispose();
  const [tensors, x, bad] = [tf.memory().numTensors, tf.scalar(2), tf.scalar(Number.NaN)];
  for (let again = 0; again < 3; again++) {
    tf.dispose(step(x));
    tf.tidy(() => void step.scan(tf.tensor1d([0.25, 2])));
    assert.throws(() => step(bad), { name: "NotFiniteError" });
    assert.equal(tf.memory().numTensors, tensors + 2);
  }
  assert.deepEqual(numbers(variable), [1]);
  tf.dispose([variable, x, bad]);
});

test("programs() prints one traced program for each input shape", { skip }, () => {
  const weight = tf.variable(tf.tensor1d([1, 2]), true, "printed_weight");
  const step = compile((x: tf.Tensor) => {
    weight.assign(weight.mul(x));
    return weight.sum();
  });
  assert.equal(step.programs(), "");
  step(tf.tensor1d([3, 4]));
  step(tf.scalar(2));
  const [vector, scalar] = step
    .programs()
    .split("\n\n")
    .map((program) => program.split("\n"));
  assert.match(vector![0]!, /^\w+ = input 0: float32 \[2\]$/);
  assert.match(scalar![0]!, /^\w+ = input 0: float32 \[\]$/);
  assert.match(vector![1]!, /^variable0 = variable "printed_weight": float32 \[2\]$/);
  const product = vector!.find((line) => line.includes("Mul("))!.split(" ")[0]!;
  assert.ok(
    vector!.some((line) => line.startsWith(`variable0 ← ${product}`)),
    vector!.join("\n"),
  );
  assert.ok(vector!.some((line) => /Sum\(/.test(line)) && vector!.at(-1)!.startsWith("return "));
  step.dispose();
  weight.dispose();
});

test("a step runs eagerly and names the members of tfjs that tracing lacks", { skip }, (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const backend = tf.backend() as { createOutputTensor?: unknown };
  Object.defineProperty(backend, "createOutputTensor", { value: undefined, configurable: true });
  const variable = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => {
    variable.assign(variable.mul(x));
    return variable.mul(1);
  });
  delete backend.createOutputTensor; // an eager operation needs it too
  assert.deepEqual(
    [2, 3].map((x) => step(tf.scalar(x)).dataSync()[0]),
    [2, 6],
  );
  assert.equal(warn.mock.callCount(), 1);
  assert.match(warn.mock.calls[0]!.arguments[0], /runs eagerly: .* has no backend\.createOutputTensor\.$/);
});
