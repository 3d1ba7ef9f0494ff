import { tf } from "../../backend/tf";
import { ImageDataset } from "../../data/image-dataset";
import { DataLoader } from "../../data/loader";
import { loadMnist } from "../../data/mnist";
import { linearDefault } from "../../initializers/torch-default";
import { MLP } from "../../models/mlp/mlp";
import { SGD } from "../../optim/sgd";
import { StepLR } from "../../optim/step-lr";
import { TorchGenerator } from "../../random/torch";
import { crossEntropy } from "../../training/loss";
import { accuracy } from "../../training/metrics";
import { Trainer } from "../../training/trainer";
import { defineExperiment, type Experiment } from "../experiment";

/**
 * Two epochs of 17 steps on a thousand digits, the last of each a partial batch, with all that a training remembers:
 * momentum, a schedule, tests.
 */
export async function smallExperiment(onStep = (_step: number) => {}): Promise<Experiment<{ seed: number }>> {
  const mnist = await loadMnist();
  const examples = new ImageDataset(mnist.train, { count: 1000 });
  const tests = new ImageDataset(mnist.test, { count: 500 });
  return defineExperiment({
    notebook: "99-test",
    version: 1,
    data: mnist.sha256,
    settings: { hidden: 20, batchSize: 60 },
    nameOf: ({ seed }: { seed: number }) => `seed ${seed}`,
    start({ seed }: { seed: number }, { settings, print }) {
      const generator = new TorchGenerator(seed);
      const model = new MLP([784, settings.hidden, 10], (shape) => linearDefault(shape, generator));
      const optimizer = new SGD(model.parameters, { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 });
      const loader = (batchSize: number, of = examples) =>
        new DataLoader(of, { batchSize, shuffle: true, generator });
      print(`seed ${seed}`);
      return new Trainer({
        model,
        optimizer,
        loss: crossEntropy,
        metrics: { accuracy },
        evaluation: loader(100, tests),
        scheduler: new StepLR(optimizer, { stepSize: 1, gamma: 0.5 }),
        loader: loader(settings.batchSize),
        epochs: 2,
        onStep: {
          when: () => true,
          do({ step, loss, soFar }) {
            onStep(step);
            return { loss, trainAccuracy: soFar.accuracy };
          },
        },
        onEpoch(epoch, evaluate) {
          const { loss, accuracy } = evaluate();
          print(`epoch ${epoch}: ${loss}`);
          const weights = tf.tidy(() => model.parameters["l1.weight"]!.sum().dataSync()[0]!);
          return { testLoss: loss, testAccuracy: accuracy, weights };
        },
      });
    },
  });
}
