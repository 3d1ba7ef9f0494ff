import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { nativeBinding } from "../backend/backend";
import { freeIdleSessions } from "../backend/compile/sessions";
import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import { ImageDataset } from "../data/image-dataset";
import { DataLoader } from "../data/loader";
import { kaimingNormal } from "../initializers/kaiming";
import { linearDefault } from "../initializers/torch-default";
import { ConvNet } from "../models/feedback/conv-net";
import { type Feedback, FixedFeedback, PooledFeedback, ProjectedFeedback } from "../models/feedback/feedback";
import { SketchedFeedback } from "../models/feedback/sketched-feedback";
import { LowRankMLP } from "../models/mlp/low-rank-mlp";
import { MaskedMLP } from "../models/mlp/masked-mlp";
import { MLP } from "../models/mlp/mlp";
import { ResNet } from "../models/resnet/res-net";
import { perceptron } from "../models/subspace/architecture";
import { makeProjection, type ProjectionKind } from "../models/subspace/make-projection";
import { initialTheta } from "../models/subspace/subspace-layout";
import { SubspaceNet } from "../models/subspace/subspace-net";
import { Adam } from "../optim/adam";
import { AdamW } from "../optim/adamw";
import type { Optimizer } from "../optim/optimizer";
import { ReduceLROnPlateau } from "../optim/reduce-lr-on-plateau";
import { SGD } from "../optim/sgd";
import { StepLR } from "../optim/step-lr";
import { RandomState } from "../random/numpy";
import { TorchGenerator } from "../random/torch";
import { evaluate } from "./evaluate";
import { crossEntropy } from "./loss";
import { accuracy } from "./metrics";
import type { Model } from "./model";
import { RankEvolution } from "./rank-evolution";
import { TrainStep } from "./train-step";
import { Trainer } from "./trainer";
import type { Row } from "./training";
import "../notebook/use-environment";

const SIDE = 16;
const CLASSES = 4;

type Tuned = Optimizer<{ lr: number }>;

const IMAGES = 40;
const BATCH = 8;
const STEPS_AN_EPOCH = IMAGES / BATCH;

/** Of random bytes. */
function someImages(): ImageDataset {
  const random = new RandomState(0);
  const images = Uint8Array.from(random.randn(IMAGES * SIDE * SIDE), (z) => Math.abs(z) * 60);
  const labels = Uint8Array.from({ length: IMAGES }, (_, i) => i % CLASSES);
  return new ImageDataset({ count: IMAGES, images, labels });
}

/** What is held by tfjs, and natively by the binding, but for idle sessions. */
function held() {
  freeIdleSessions();
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  const binding = nativeBinding();
  const native = { tensors: binding?.getNumOfTensors(), graphs: binding?.getNumOfSavedModels() };
  return { numTensors, numDataBuffers, numBytes, native };
}

/** What a function leaves behind, which should be nothing. */
function assertLeavesNothing(run: () => void): void {
  const before = held();
  run();
  assert.deepEqual(held(), before);
}

function mlp(hidden: number[] = [6, 5]): MLP {
  const generator = new TorchGenerator(1);
  return new MLP([SIDE * SIDE, ...hidden, CLASSES], (shape) => linearDefault(shape, generator));
}

/** A net made of the layers of another one, which is freed. */
function fromLayers(make: (layers: ReturnType<MLP["layers"]>) => Model): Model {
  const whole = mlp();
  const layers = whole.layers();
  const model = make(layers);
  tf.dispose([...layers.weights, ...layers.biases]);
  whole.dispose();
  return model;
}

function subspaceNet(kind: ProjectionKind, affine: boolean): Model {
  const random = new RandomState(1);
  const sizes = [SIDE * SIDE, 6, CLASSES];
  const theta = initialTheta(random, { sizes, deviations: [0.1, 0.1] });
  const projection = makeProjection(kind, 8, theta, random, { affine });
  return new SubspaceNet(theta, { architecture: perceptron(sizes), projection, affine });
}

function convNet(feedback?: Feedback): Model {
  const sizes = { channels: 1, side: SIDE, filters: [2, 3], hidden: 8, classes: CLASSES } as const;
  return new ConvNet(sizes, new TorchGenerator(1), { feedback });
}

function resNet(): Model {
  const generator = new TorchGenerator(1);
  const initialize = (shape: number[]) => kaimingNormal(shape, generator);
  return new ResNet({ initialize, channels: 1, side: SIDE, classes: CLASSES, widths: [2, 3] });
}

const models: Record<string, () => Model> = {
  "a dense net": () => mlp(),
  "a net of low rank": () => fromLayers((layers) => new LowRankMLP(layers, [2, 2])),
  "a masked net": () => fromLayers((layers) => new MaskedMLP(layers, 100)),
  "a net in a dense subspace": () => subspaceNet("dense", false),
  "a net in a sparse subspace": () => subspaceNet("sparse", false),
  "a net in an affine Fastfood subspace": () => subspaceNet("fastfood", true),
  "a residual net with batch normalization": resNet,
  "a convolutional net": () => convNet(),
  "a net fed its pooled weights": () => convNet(new PooledFeedback({ window: [4, 6], pooled: 8, size: 10 })),
  "a net fed its projected weights": () => convNet(new ProjectedFeedback(5)),
  "a net fed its sketched weights": () => convNet(new SketchedFeedback(5)),
  "a net fed fixed numbers": () => convNet(new FixedFeedback([1, 2])),
};

const optimizers: Record<string, (parameters: NamedVariables) => Tuned> = {
  SGD: (parameters) => new SGD(parameters, { lr: 0.01 }),
  "SGD with momentum": (parameters) => new SGD(parameters, { lr: 0.01, momentum: 0.9, nesterov: true }),
  Adam: (parameters) => new Adam(parameters, { lr: 0.01, weightDecay: 0.01 }),
  AdamW: (parameters) => new AdamW(parameters, { lr: 0.01 }),
};

interface Setup {
  model: Model;
  optimizer: Tuned;
  examples: ImageDataset;
  plateau?: boolean;
  epochs?: number;
}

/** A training that tests after each epoch and has a schedule. */
function trainingOf({ model, optimizer, examples, plateau = false, epochs = 3 }: Setup) {
  const generator = new TorchGenerator(2);
  const loader = new DataLoader(examples, { batchSize: BATCH, shuffle: true, generator });
  return new Trainer({
    model,
    optimizer,
    loader,
    epochs,
    loss: crossEntropy,
    metrics: { accuracy },
    scheduler: plateau ? new ReduceLROnPlateau(optimizer) : new StepLR(optimizer, { stepSize: 1 }),
    evaluation: new DataLoader(examples, { batchSize: IMAGES, generator }),
    onStep: { when: () => true, do: ({ loss }) => ({ loss }) },
    onEpoch: (_epoch, evaluate) => ({ accuracy: evaluate().accuracy }),
  });
}

/** Trains, and looks at what is held after each epoch but the first, in which graphs are made. */
function assertFlat(setup: Setup): void {
  const training = trainingOf(setup);
  const atEpochs: ReturnType<typeof held>[] = [];
  while (training.done < training.steps) {
    training.advance();
    if (training.done % STEPS_AN_EPOCH === 0) atEpochs.push(held());
  }
  const [, second, ...later] = atEpochs;
  for (const epoch of later) assert.deepEqual(epoch, second);
  training.dispose();
}

for (const [name, model] of Object.entries(models)) {
  test(`training ${name} takes no more memory from epoch to epoch, and dispose frees it`, () => {
    assertLeavesNothing(() => {
      const examples = someImages();
      const net = model();
      assertFlat({ model: net, optimizer: new SGD(net.parameters, { lr: 0.01 }), examples });
      examples.dispose();
    });
  });
}

for (const [name, optimizer] of Object.entries(optimizers)) {
  test(`training by ${name} takes no more memory from epoch to epoch, and dispose frees it`, () => {
    assertLeavesNothing(() => {
      const examples = someImages();
      const model = mlp();
      assertFlat({ model, optimizer: optimizer(model.parameters), examples, plateau: true });
      examples.dispose();
    });
  });
}

test("a training that ends early, after its state was saved and restored, leaves nothing", () => {
  assertLeavesNothing(() => {
    const examples = someImages();
    const model = mlp();
    const training = trainingOf({ model, optimizer: new Adam(model.parameters), examples });
    while (training.done < 7) training.advance();
    const between = held();
    training.restore(training.state());
    assert.equal(held().numTensors, between.numTensors);
    training.advance();
    training.dispose();
    examples.dispose();
  });
});

test("a training that was never begun leaves nothing", () => {
  assertLeavesNothing(() => {
    const examples = someImages();
    const model = mlp();
    trainingOf({ model, optimizer: new Adam(model.parameters), examples }).dispose();
    examples.dispose();
  });
});

test("losses that are not finite leave nothing, however often they are met", () => {
  assertLeavesNothing(() => {
    const examples = someImages();
    const model = mlp();
    const optimizer = new SGD(model.parameters, { lr: 0.1 });
    const step = new TrainStep({ model, optimizer, dataset: examples, loss: crossEntropy, metrics: {} });
    step.run([Int32Array.of(0, 1), Int32Array.of(2, 3)]);
    tf.tidy(() => model.parameters["l1.bias"]!.assign(tf.fill([6], Number.NaN)));
    const fail = () => {
      assert.throws(() => step.run([Int32Array.of(0, 1), Int32Array.of(2, 3)]), { name: "NotFiniteError" });
      return held();
    };
    const first = fail();
    for (let again = 0; again < 3; again++) assert.deepEqual(fail(), first);
    step.dispose();
    optimizer.dispose();
    model.dispose();
    examples.dispose();
  });
});

test("a label that is no class, and a net that fails within the loss, leave nothing", () => {
  assertLeavesNothing(() => {
    const examples = someImages();
    const model = mlp();
    const optimizer = new SGD(model.parameters, { lr: 0.1 });
    const loader = new DataLoader(examples, { batchSize: BATCH });
    const narrow = {
      parameters: model.parameters,
      forward: (x: tf.Tensor2D) => model.forward(x).slice([0, 0], [-1, CLASSES - 1]),
    };
    const options = { optimizer, loader, loss: crossEntropy, epochs: 1 };
    const mislabelled = new Trainer({ ...options, model: narrow });
    const failing = {
      parameters: model.parameters,
      forward(): tf.Tensor {
        throw new Error("the net fails");
      },
    };
    const broken = new TrainStep({ ...options, model: failing, dataset: examples, metrics: { accuracy } });
    const fail = () => {
      assert.throws(() => mislabelled.advance(), /Label 3 is 3, expected an integer from 0 to 2/);
      assert.throws(() => broken.run([Int32Array.of(0)]), /the net fails/);
      return held();
    };
    const first = fail();
    for (let again = 0; again < 3; again++) assert.deepEqual(fail(), first);
    mislabelled.release();
    broken.dispose();
    optimizer.dispose();
    model.dispose();
    examples.dispose();
  });
});

test("evaluating leaves nothing", () => {
  assertLeavesNothing(() => {
    const examples = someImages();
    const model = mlp();
    const loader = new DataLoader(examples, { batchSize: 10 });
    for (let again = 0; again < 3; again++) evaluate(model, loader, { loss: crossEntropy });
    model.dispose();
    examples.dispose();
  });
});

test("a rank evolution frees each net as it goes on to the next, one that was restored too", () => {
  assertLeavesNothing(() => {
    const examples = someImages();
    const evolution = () =>
      new RankEvolution({
        sizes: [6, 5],
        evolutions: 2,
        start(hidden) {
          const model = mlp(hidden);
          const optimizer = new Adam(model.parameters);
          return { model, training: trainingOf({ model, optimizer, examples, epochs: 1 }) };
        },
        next: (_history, sizes) => sizes.map((size) => size - 1),
      });
    const first = evolution();
    const history: Row[] = [];
    while (first.done < STEPS_AN_EPOCH + 2) history.push(...first.advance(history));
    const restored = evolution();
    restored.restore(first.state());
    first.dispose();
    while (restored.done < restored.steps) history.push(...restored.advance(history));
    restored.dispose();
    examples.dispose();
  });
});

const isForced = process.env["WEIGHTSPACE_BACKEND"] ? "where the backend is chosen freely it runs" : false;

test("all this holds on the JavaScript backend", { skip: isForced }, () => {
  const env = { ...process.env, WEIGHTSPACE_BACKEND: "cpu", NODE_TEST_CONTEXT: "" };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--test-reporter=tap", __filename],
    {
      env,
      encoding: "utf8",
    },
  );
  assert.match(stdout, /^# fail 0$/m, stdout + stderr);
});
