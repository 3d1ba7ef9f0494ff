import {
  accuracy,
  crossEntropy,
  DataLoader,
  defineExperiment,
  ImageDataset,
  linearDefault,
  loadMnist,
  MLP,
  SGD,
  TorchGenerator,
  Trainer,
} from "../../lib";

/** Trainings of a few seconds, as most of notebook 01's: three layers of 99 units on 10,000 digits. */
export async function smallTrainings() {
  const mnist = await loadMnist();
  const train = new ImageDataset(mnist.train, { count: 10_000 });
  const test = new ImageDataset(mnist.test);
  return defineExperiment({
    notebook: "99-bench",
    module: { file: __filename, name: "smallTrainings" },
    version: 1,
    data: mnist.sha256,
    settings: { batchSize: 32, epochs: 10 },
    nameOf: ({ seed }: { seed: number }) => `seed ${seed}`,
    start({ seed }: { seed: number }, { settings: { batchSize, epochs } }) {
      const generator = new TorchGenerator(seed);
      const model = new MLP([784, 99, 99, 99, 10], (shape) => linearDefault(shape, generator));
      return new Trainer({
        model,
        optimizer: new SGD(model.parameters, { lr: 0.05, momentum: 0.9, weightDecay: 3e-4 }),
        loader: new DataLoader(train, { batchSize, shuffle: true, generator }),
        evaluation: new DataLoader(test, { batchSize: 1000 }),
        loss: crossEntropy,
        metrics: { accuracy },
        epochs,
        onEpoch: (_, evaluate) => ({ testAccuracy: evaluate().accuracy }),
      });
    },
  });
}
