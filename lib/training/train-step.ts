import { type CompiledStep, compile } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import type { Dataset } from "../data/dataset";
import type { Optimizer } from "../optim/optimizer";
import { type Scoring, scoresFrom, scoresOfBatch } from "./batch-scores";
import type { Scores } from "./scores";

/** What a training step minimizes, and how. */
export interface TrainStepOptions<Name extends string> extends Scoring<Name> {
  optimizer: Pick<Optimizer<{ lr: number }>, "differentiate" | "step">;
  dataset: Dataset;
  /** Added to the loss. */
  penalty?: (() => tf.Scalar) | undefined;
}

/** Trains a model on batches of a data set, several in one native call where TensorFlow runs: see `compile`. */
export class TrainStep<Name extends string> {
  private readonly step: CompiledStep<[tf.Tensor1D], tf.Tensor[]>;

  constructor(private readonly options: TrainStepOptions<Name>) {
    this.step = compile((indices: tf.Tensor1D) => stepOn(indices, options), { finite: true });
  }

  /**
   * Steps of the optimizer, one a batch; the scores of each are those before its step.
   *
   * @param batches The indices of the examples of each, all of one number.
   * @throws NotFiniteError for a loss that is not finite; the steps before it are done.
   */
  run(batches: readonly Int32Array[]): Scores<Name>[] {
    return tf.tidy(() => {
      const outputs = this.step.scan(stacked(batches)).map((output) => output.dataSync());
      return batches.map(({ length }, i) => {
        const numbers = outputs.map((values) => values[i]!);
        return scoresFrom(numbers, this.options.metrics, length);
      });
    });
  }

  /** Frees the step's graphs; model and optimizer stay. */
  dispose(): void {
    this.step.dispose();
  }
}

function stepOn(indices: tf.Tensor1D, options: TrainStepOptions<string>): tf.Tensor[] {
  const { optimizer, dataset, penalty } = options;
  let sums: tf.Tensor[] = [];
  try {
    const { loss, gradients } = optimizer.differentiate(() => {
      const [loss, ...others] = scoresOfBatch(options, dataset, indices, "training");
      // Differentiating frees all that is made in here but the loss.
      sums = others.map((sum) => tf.keep(sum));
      return penalty ? tf.add(loss, penalty()) : loss;
    });
    optimizer.step(gradients);
    return [loss, ...sums.map((sum) => sum.clone())];
  } finally {
    tf.dispose(sums);
  }
}

function stacked(batches: readonly Int32Array[]): tf.Tensor2D {
  const width = batches[0]!.length;
  const values = new Int32Array(batches.length * width);
  for (const [i, batch] of batches.entries()) values.set(batch, i * width);
  return tf.tensor2d(values, [batches.length, width], "int32");
}
