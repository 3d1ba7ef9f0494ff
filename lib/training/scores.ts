import type { tf } from "../backend/tf";

/** A function of a batch; taken from a method, so that one of narrower tensors, such as `crossEntropy`, is one too. */
type OfBatch<Result> = { of(outputs: tf.Tensor, targets: tf.Tensor): Result }["of"];

/**
 * The mean loss of a batch, by tensor operations only.
 *
 * Where a loss has `checkTargets`, the trainer calls it once for each data set before the first step, with all of its
 * targets and with the model's outputs for some of its inputs; it throws for targets that the loss is not defined for.
 */
export type Loss = OfBatch<tf.Scalar> & { checkTargets?(targets: tf.Tensor, outputs: tf.Tensor): void };

/** What is measured of a batch, by tensor operations only: each example's value, [batch], or their mean, a scalar. */
export type Metric = OfBatch<tf.Tensor>;

/** The means of the loss and of each metric over some examples, and the number of these. */
export type Scores<Name extends string = never> = Record<Name | "loss" | "count", number>;

/** @throws Error for a metric that is not a function, or that has the name of a score that is always there. */
export function checkMetrics(metrics: Readonly<Record<string, Metric>>): void {
  for (const [name, metric] of Object.entries(metrics)) {
    if (typeof metric !== "function") throw new Error(`metrics.${name} is ${metric}, expected a function`);
    if (name === "loss" || name === "count")
      throw new Error(`A metric is named "${name}", expected another name`);
  }
}

/** The scores of two sets of examples as those of their union. */
export function together<Name extends string>(a: Scores<Name>, b: Scores<Name>): Scores<Name> {
  const count = a.count + b.count;
  const names = Object.keys(b) as (keyof Scores<Name>)[];
  const means = names.map((name) => [name, ((a[name] ?? 0) * a.count + b[name] * b.count) / count]);
  return { ...Object.fromEntries(means), count };
}
