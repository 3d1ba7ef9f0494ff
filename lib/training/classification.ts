import { type CompiledStep, compile } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import type { Examples } from "../data/examples";
import { checkLabelRange, crossEntropy } from "./loss";
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

/** A classifier's training step, one native call where TensorFlow runs: see `compile`. */
export class TrainingStep {
  private readonly step: CompiledStep<[tf.Tensor2D, tf.Tensor1D], tf.Tensor[]>;
  private classes: number | undefined;

  constructor(
    private readonly model: Classifier,
    private readonly optimizer: Pick<Optimizer<{ lr: number }>, "differentiate" | "advance" | "apply">,
  ) {
    this.step = compile((inputs: tf.Tensor2D, labels: tf.Tensor1D) => {
      let predicted: tf.Tensor | undefined;
      const { loss, gradients } = optimizer.differentiate(() => {
        const logits = model.forward(inputs);
        predicted = tf.keep(logits.argMax(1));
        return crossEntropy(logits, labels);
      });
      optimizer.apply(gradients);
      return [loss, predicted!];
    });
  }

  /**
   * One step of the optimizer on some examples; the score is of the weights before it.
   *
   * @throws Error for a label that is no class of the network; nothing has changed then.
   */
  run(examples: Examples, indices: Int32Array): Score {
    const labels = examples.labels(indices);
    return tf.tidy(() => {
      const inputs = examples.inputs(indices);
      this.classes ??= this.model.forward(inputs).shape[1];
      checkLabelRange(labels, this.classes);
      this.optimizer.advance();
      const [loss, predicted] = this.step(inputs, tf.tensor1d(labels, "int32")) as [tf.Tensor, tf.Tensor];
      const score = {
        loss: loss.dataSync()[0]!,
        correct: countEqual(predicted, labels),
        count: labels.length,
      };
      predicted.dispose();
      return score;
    });
  }

  /** Frees the step's graphs; model and optimizer stay. */
  dispose(): void {
    this.step.dispose();
  }
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
