import { type CompiledStep, compile } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import type { Dataset } from "../data/dataset";
import { checkTargets, type Scoring, scoresFrom, scoresOfBatch } from "./batch-scores";
import type { Model } from "./model";
import { checkMetrics, type Loss, type Metric, type Scores, together } from "./scores";

/** Batches of a data set, such as a `DataLoader`. */
export interface Batches extends Iterable<Int32Array> {
  readonly dataset: Dataset;
}

/** How `evaluate` scores a model. */
export interface EvaluateOptions<Name extends string> {
  loss: Loss;
  /** Default: none. */
  metrics?: Readonly<Record<Name, Metric>>;
}

/** Scores a model on a data set, one native call a batch where TensorFlow runs: see `compile`. */
export class Evaluation<Name extends string> {
  private readonly step: CompiledStep<[tf.Tensor1D], tf.Tensor[]>;
  private isChecked = false;

  constructor(
    private readonly scoring: Scoring<Name>,
    private readonly batches: Batches,
  ) {
    this.step = compile((indices: tf.Tensor1D) =>
      scoresOfBatch(scoring, batches.dataset, indices, "evaluation"),
    );
  }

  /** The scores of all batches: one pass, which draws from the loader's generator. */
  run(): Scores<Name> {
    if (!this.isChecked) checkTargets(this.scoring, this.batches.dataset);
    this.isChecked = true;
    let total = { loss: 0, count: 0 } as Scores<Name>;
    for (const indices of this.batches) total = together(total, this.scoresOf(indices));
    return total;
  }

  /** Frees its graphs; the model stays. */
  dispose(): void {
    this.step.dispose();
  }

  private scoresOf(indices: Int32Array): Scores<Name> {
    return tf.tidy(() => {
      const numbers = this.step(tf.tensor1d(indices, "int32")).map((output) => output.dataSync()[0]!);
      return scoresFrom(numbers, this.scoring.metrics, indices.length);
    });
  }
}

/**
 * The mean loss and metrics of a model over a data set, in one pass of its loader.
 *
 * @example
 * const { loss, accuracy } = evaluate(model, loader, { loss: crossEntropy, metrics: { accuracy } });
 */
export function evaluate<Name extends string = never>(
  model: Model,
  batches: Batches,
  { loss, metrics = {} as Record<Name, Metric> }: EvaluateOptions<Name>,
): Scores<Name> {
  checkMetrics(metrics);
  const evaluation = new Evaluation({ model, loss, metrics }, batches);
  try {
    return evaluation.run();
  } finally {
    evaluation.dispose();
  }
}
