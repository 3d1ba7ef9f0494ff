import { backend } from "../backend/backend";
import { type CompiledStep, compile, NotFiniteError } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import type { Examples } from "../data/examples";
import type { Optimizer } from "../optim/optimizer";
import { checkLabelRange, crossEntropy } from "./loss";

/** A network that gives logits, [examples, classes], for inputs, [examples, features]. */
export interface Classifier {
  readonly parameters: NamedVariables;
  /** Variables that are saved with the parameters but not trained, such as the masks of a pruned network. */
  readonly buffers?: NamedVariables;
  forward(inputs: tf.Tensor2D): tf.Tensor2D;
}

/** The loss and accuracy of a classifier on some examples. */
export interface Score {
  /** The mean cross entropy. */
  loss: number;
  /** The examples whose largest logit is that of their label. */
  correct: number;
  count: number;
}

/** Trains a classifier on batches of a data set, several in one native call where TensorFlow runs: see `compile`. */
export class TrainingStep {
  private readonly step: CompiledStep<[tf.Tensor1D, tf.Tensor1D, tf.Tensor1D], tf.Tensor[]>;
  private classes: number | undefined;

  constructor(
    private readonly model: Classifier,
    private readonly optimizer: Pick<
      Optimizer<{ lr: number }>,
      "differentiate" | "advance" | "rewind" | "apply"
    >,
    private readonly examples: Examples,
  ) {
    const step = (indices: tf.Tensor1D, labels: tf.Tensor1D, scalars: tf.Tensor1D) => {
      const inputs = examples.inputs(indices);
      let correct: tf.Tensor | undefined;
      try {
        const { loss, gradients } = optimizer.differentiate(() => {
          const logits = logitsOf(model, inputs);
          // Differentiating frees all that is made in here but the loss.
          correct = tf.keep(countCorrect(logits, labels));
          return crossEntropy(logits, labels);
        });
        optimizer.apply(gradients, scalars);
        return [loss, correct!.clone()];
      } finally {
        correct?.dispose();
      }
    };
    this.step = compile(step, { finite: true });
  }

  /**
   * Steps of the optimizer, one a batch; each score is of the weights before its step.
   *
   * @param batches The examples of each, all of one number.
   * @throws Error for a label that is no class of the network; nothing has changed then. NotFiniteError for a loss that
   * is not finite; the steps before it are done, by the optimizer's count too.
   */
  run(batches: Int32Array[]): Score[] {
    const labels = batches.map((indices) => this.labelsOf(indices));
    const scalars = batches.map(() => this.optimizer.advance());
    try {
      return tf.tidy(() => {
        const [losses, correct] = this.step.scan(
          ...[stacked(batches, "int32"), stacked(labels, "int32"), stacked(scalars, "float32")],
        );
        const [loss, right] = [losses!.dataSync(), correct!.dataSync()];
        return batches.map(({ length }, i) => ({ loss: loss[i]!, correct: right[i]!, count: length }));
      });
    } catch (error) {
      const done = error instanceof NotFiniteError ? error.call : 0;
      this.optimizer.rewind(batches.length - done);
      throw error;
    }
  }

  /** Frees the step's graphs; model and optimizer stay. */
  dispose(): void {
    this.step.dispose();
  }

  private labelsOf(indices: Int32Array): Int32Array {
    const { model, examples } = this;
    this.classes ??= tf.tidy(() => model.forward(examples.inputs(indices)).shape[1]);
    const labels = examples.labels(indices);
    checkLabelRange(labels, this.classes);
    return labels;
  }
}

/** Evaluates a classifier on examples, one native call a batch where TensorFlow runs: see `compile`. */
export class Evaluation {
  private readonly step: CompiledStep<[tf.Tensor1D, tf.Tensor1D], tf.Tensor[]>;

  constructor(
    model: Classifier,
    private readonly examples: Examples,
  ) {
    this.step = compile((indices: tf.Tensor1D, labels: tf.Tensor1D) => {
      const logits = logitsOf(model, examples.inputs(indices));
      return [crossEntropy(logits, labels, { reduction: "sum" }), countCorrect(logits, labels)];
    });
  }

  /** The score of all examples, in the batches of a loader: one pass, which draws from its generator. */
  run(batches: Iterable<Int32Array>): Score {
    const total = { loss: 0, correct: 0, count: 0 };
    for (const indices of batches) {
      tf.tidy(() => {
        const labels = tf.tensor1d(this.examples.labels(indices), "int32");
        const [loss, correct] = this.step(tf.tensor1d(indices, "int32"), labels);
        total.loss += loss!.dataSync()[0]!;
        total.correct += correct!.dataSync()[0]!;
        total.count += indices.length;
      });
    }
    return { ...total, loss: total.loss / total.count };
  }

  /** Frees its graphs; the model stays. */
  dispose(): void {
    this.step.dispose();
  }
}

/** Evaluates a classifier once on all examples, in the batches of a loader: one pass, which draws from its generator. */
export function evaluate(model: Classifier, examples: Examples, batches: Iterable<Int32Array>): Score {
  const evaluation = new Evaluation(model, examples);
  try {
    return evaluation.run(batches);
  } finally {
    evaluation.dispose();
  }
}

/** Computes the logits; where the threads share each batch, splits it across them and concatenates the logits. */
function logitsOf(model: Classifier, inputs: tf.Tensor2D): tf.Tensor2D {
  const { parallel, threads } = backend();
  const count = inputs.shape[0];
  const parts = parallel === "batches" ? Math.min(threads, count) : 1;
  if (parts === 1) return model.forward(inputs);
  const sizes = Array.from({ length: parts }, (_, part) => Math.floor((count + part) / parts));
  return tf.concat2d(
    tf.split<tf.Tensor2D>(inputs, sizes).map((part) => model.forward(part)),
    0,
  );
}

/** The number of examples whose largest logit is that of the label. */
function countCorrect(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor {
  return tf.sum(tf.equal(tf.argMax(logits, 1), labels));
}

/** Rows of one length as a matrix. */
function stacked(rows: (Int32Array | Float32Array)[], dtype: "int32" | "float32"): tf.Tensor2D {
  const width = rows[0]!.length;
  const values = new (dtype === "int32" ? Int32Array : Float32Array)(rows.length * width);
  for (const [i, row] of rows.entries()) values.set(row, i * width);
  return tf.tensor2d(values, [rows.length, width], dtype);
}
