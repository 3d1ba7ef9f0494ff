import {
  Adam,
  accuracy,
  crossEntropy,
  DataLoader,
  DenseProjection,
  ImageDataset,
  type ImageDatasetOptions,
  initialTheta,
  type LabelledImages,
  linearDefault,
  loadMnist,
  MLP,
  type Model,
  type NamedVariables,
  RandomState,
  SGD,
  SketchedFeedback,
  SubspaceNet,
  TorchGenerator,
  Trainer,
  weightFeedbackNet,
} from "../../lib";
import type { Task } from "./task";

/** A model, how it is trained, and on what. */
interface Setting {
  model(generator: TorchGenerator): Model;
  optimizer(parameters: NamedVariables): SGD | Adam;
  images?: () => Promise<LabelledImages>;
  options?: ImageDatasetOptions;
  batchSize?: number;
  parallel?: Task["parallel"];
}

const digits = async () => (await loadMnist()).train;
const NORMALIZED = { mean: 0.1307, deviation: 0.3081 };

/** Images of noise, since CIFAR-10 is fetched only where it is used. */
async function noise(): Promise<LabelledImages> {
  const count = 4096;
  const images = Uint8Array.from({ length: count * 3 * 32 * 32 }, (_, i) => (i * 2654435761) >>> 24);
  return { count, images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
}

const sgd = (parameters: NamedVariables) => new SGD(parameters, { lr: 0.1 });
const slow = (parameters: NamedVariables) => new SGD(parameters, { lr: 0.01, momentum: 0.5 });
const adam = (parameters: NamedVariables) => new Adam(parameters, { lr: 1e-3 });

const mlp = (hidden: number) => (generator: TorchGenerator) =>
  new MLP([784, 784, hidden, hidden, 10], (shape) => linearDefault(shape, generator));

function subspaceNet(): Model {
  const random = new RandomState(0);
  const theta = initialTheta(random);
  return new SubspaceNet(theta, { projection: DenseProjection.along(theta, 1000, random) });
}

/** On CIFAR-10's shapes; the dense projection's one large product is better shared by the threads. */
const projected = (feedback?: () => SketchedFeedback): Setting => ({
  model: (generator) => weightFeedbackNet({ net: "WeightNetCifar10P", generator, feedback: feedback?.() }),
  optimizer: slow,
  images: noise,
  options: { mean: 0.5, deviation: 0.5 },
  parallel: feedback ? "batches" : "kernels",
});

const settings: Record<string, Setting> = {
  "MLP 784-784-256-256-10, SGD": { model: mlp(256), optimizer: sgd, parallel: "batches" },
  "MLP 784-784-1024-1024-10, SGD": { model: mlp(1024), optimizer: sgd },
  "MLP 784-784-2048-2048-10, SGD": { model: mlp(2048), optimizer: sgd },
  "MLP 784-784-1024-1024-10, Adam": { model: mlp(1024), optimizer: adam },
  "conv net, MNIST, SGD": {
    model: (generator) => weightFeedbackNet({ net: "Net", generator }),
    optimizer: slow,
    options: NORMALIZED,
    parallel: "batches",
  },
  "conv net, CIFAR-10, SGD": {
    model: (generator) => weightFeedbackNet({ net: "NetCifar10", generator }),
    optimizer: slow,
    images: noise,
    options: { mean: 0.5, deviation: 0.5 },
    parallel: "batches",
  },
  "projected weight feedback, CIFAR-10, SGD": projected(),
  "projected weight feedback, CIFAR-10, SGD, ours by a count sketch": projected(
    () => new SketchedFeedback(460),
  ),
  "subspace net, ω = 1000, Adam": { model: subspaceNet, optimizer: adam, batchSize: 256 },
};

async function trainingOf(setting: Setting): Promise<Trainer<"accuracy">> {
  const { model: modelOf, optimizer: optimizerOf, images = digits, options, batchSize = 64 } = setting;
  const generator = new TorchGenerator(0);
  const model = modelOf(generator);
  const optimizer = optimizerOf(model.parameters);
  const examples = new ImageDataset(await images(), options);
  const loader = new DataLoader(examples, { batchSize, shuffle: true, dropLast: true, generator });
  const epochs = 1_000_000;
  return new Trainer({ model, optimizer, loader, loss: crossEntropy, metrics: { accuracy }, epochs });
}

function stepsOf(name: string, setting: Setting): Task {
  return {
    name: `training step, ${name}`,
    isTraining: true,
    parallel: setting.parallel,
    async prepare() {
      const training = await trainingOf(setting);
      return () => {
        const before = training.done;
        training.advance();
        return training.done - before;
      };
    },
  };
}

function epochOf(name: string): Task {
  return {
    name: `epoch of MNIST, ${name}`,
    isTraining: true,
    parallel: settings[name]!.parallel,
    async prepare() {
      const training = await trainingOf(settings[name]!);
      const steps = Math.floor(60_000 / (settings[name]!.batchSize ?? 64));
      return () => {
        const end = training.done + steps;
        while (training.done < end) training.advance();
        return 1;
      };
    },
  };
}

export const trainingTasks: Task[] = [
  ...Object.entries(settings).map(([name, setting]) => stepsOf(name, setting)),
  epochOf("MLP 784-784-256-256-10, SGD"),
  epochOf("conv net, MNIST, SGD"),
];
