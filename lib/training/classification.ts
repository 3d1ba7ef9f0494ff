import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import type { Examples } from "../data/examples";
import { crossEntropy } from "./loss";
import type { Optimizer } from "./optimizer";

/** A network that gives logits, [examples, classes], for inputs, [examples, features]. */
export interface Classifier {
  readonly parameters: NamedVariables;
  forward(inputs: tf.Tensor2D): tf.Tensor2D;
}

/** How a classifier does on some examples. */
export interface Score {
  /** The mean cross entropy. */
  loss: number;
  /** The examples whose largest logit is that of their label. */
  correct: number;
  count: number;
}

/** One step of the optimizer on a batch; the score is of the weights before it. */
export function trainBatch(
  model: Classifier,
  optimizer: Pick<Optimizer<{ lr: number }>, "minimize">,
  examples: Examples,
  indices: Int32Array,
): Score {
  return tf.tidy(() => {
    const labels = examples.labels(indices);
    const inputs = examples.inputs(indices);
    let predicted: tf.Tensor | undefined;
    const loss = optimizer.minimize(() => {
      const logits = model.forward(inputs);
      predicted ??= tf.keep(logits.argMax(1));
      return crossEntropy(logits, labels);
    });
    const score = {
      loss: loss.dataSync()[0]!,
      correct: countEqual(predicted!, labels),
      count: labels.length,
    };
    predicted!.dispose();
    return score;
  });
}

/** How a classifier does on all examples, in the batches of a loader: one pass, which draws from its generator. */
export function evaluate(model: Classifier, examples: Examples, batches: Iterable<Int32Array>): Score {
  const total = { loss: 0, correct: 0, count: 0 };
  for (const indices of batches) {
    tf.tidy(() => {
      const labels = examples.labels(indices);
      const logits = model.forward(examples.inputs(indices));
      total.loss += crossEntropy(logits, labels, { reduction: "sum" }).dataSync()[0]!;
      total.correct += countEqual(logits.argMax(1), labels);
      total.count += labels.length;
    });
  }
  return { ...total, loss: total.loss / total.count };
}

function countEqual(predicted: tf.Tensor, labels: Int32Array): number {
  const digits = predicted.dataSync();
  return labels.reduce((count, label, i) => count + Number(label === digits[i]), 0);
}
