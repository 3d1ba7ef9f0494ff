import { backend } from "../backend/backend";
import { tf } from "../backend/tf";
import type { Dataset } from "../data/dataset";
import type { Model } from "./model";
import type { Loss, Metric, Scores } from "./scores";

/** How a model is scored. */
export interface Scoring<Name extends string = string> {
  model: Model;
  loss: Loss;
  metrics: Readonly<Record<Name, Metric>>;
}

/** Whether a model is trained or evaluated on a batch. */
export type Mode = "training" | "evaluation";

/** The loss of a batch, a scalar, and the sum of each metric over its examples. */
export function scoresOfBatch(
  { model, loss, metrics }: Scoring,
  dataset: Dataset,
  indices: tf.Tensor1D,
  mode: Mode,
): [tf.Scalar, ...tf.Tensor[]] {
  const outputs = outputsOf(model, dataset.inputs(indices), mode);
  const targets = dataset.targets(indices);
  const mean = loss(outputs, targets);
  if (mean.rank !== 0) throw new Error(`The loss is [${mean.shape}], expected a scalar`);
  const sums = Object.entries(metrics).map(([name, of]) => sumOf(of(outputs, targets), name, indices.size));
  return [mean, ...sums];
}

/** The scores of a batch of `count` examples from the numbers that `scoresOfBatch` gives. */
export function scoresFrom<Name extends string>(
  numbers: ArrayLike<number>,
  metrics: Readonly<Record<Name, Metric>>,
  count: number,
): Scores<Name> {
  const means = Object.keys(metrics).map((name, i) => [name, numbers[i + 1]! / count]);
  return { loss: numbers[0]!, ...Object.fromEntries(means), count };
}

/** Lets the loss check all targets of a data set. */
export function checkTargets({ model, loss }: Pick<Scoring, "model" | "loss">, dataset: Dataset): void {
  if (!loss.checkTargets) return;
  tf.tidy(() => {
    const all = tf.range(0, dataset.count, 1, "int32");
    loss.checkTargets!(dataset.targets(all), model.forward(dataset.inputs(all.slice(0, 1))));
  });
}

/**
 * The outputs of a model; where the threads share each batch, its inputs are split across them and the outputs
 * concatenated, except in a training forward pass of its own, whose outputs may depend on the whole batch.
 */
function outputsOf(model: Model, inputs: tf.Tensor, mode: Mode): tf.Tensor {
  if (mode === "training" && model.trainingForward) return model.trainingForward(inputs);
  const { parallel, threads } = backend();
  const count = inputs.shape[0]!;
  const parts = parallel === "batches" ? Math.min(threads, count) : 1;
  if (parts === 1) return model.forward(inputs);
  const sizes = Array.from({ length: parts }, (_, part) => Math.floor((count + part) / parts));
  return tf.concat(
    tf.split(inputs, sizes).map((part) => model.forward(part)),
    0,
  );
}

/** The sum over a batch of a metric's values, or of its mean. */
function sumOf(values: tf.Tensor, name: string, count: number): tf.Tensor {
  if (values.rank === 0) return tf.mul(values, count);
  if (values.size === count) return tf.sum(values);
  throw new Error(`The metric "${name}" is [${values.shape}], expected [${count}] or a scalar`);
}
