import { inPlace } from "../backend/compile/in-place";
import { tf } from "../backend/tf";
import { requireBoolean, requireNonNegative } from "../checks/check-options";
import { Optimizer, type Scalars, type ScalarVectors, type Slot, towardsGoal, withL2 } from "./optimizer";

/** Options of `Adam`, named as PyTorch's. */
export interface AdamOptions {
  /** The learning rate, ≥ 0. Default: 1e-3. */
  lr: number;
  /** Decay rates of the two moment estimates, in [0, 1). Default: [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the denominator for stability, ≥ 0. Default: 1e-8. */
  readonly eps: number;
  /** The coefficient of the L2 penalty, ≥ 0. Default: 0. */
  readonly weightDecay: number;
  /** Whether to divide by the largest second moment so far (AMSGrad). Default: false. */
  readonly amsgrad: boolean;
  /** Whether to maximize the loss. Default: false. */
  readonly maximize: boolean;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with weight decay as an L2 penalty: `torch.optim.Adam`.
 *
 * At step t, for a parameter θ with gradient g, negated to maximize: g ← g + weightDecay·θ; m ← β₁·m + (1 − β₁)·g;
 * v ← β₂·v + (1 − β₂)·g²; θ ← θ − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + eps). With AMSGrad (Reddi et al. 2018) the
 * largest v so far divides. State: "firstMoment.NAME", "secondMoment.NAME" and, with AMSGrad,
 * "largestSecondMoment.NAME".
 *
 * Computed as θ ← θ − alpha·m / (√v + epsilon) with the corrections in the two numbers, as TensorFlow does (section 2
 * of the paper, its last lines): the same but for rounding. Departure from PyTorch: a gradient whose square exceeds
 * float32, from 1.8e19 on, makes the parameter NaN at usual betas, where PyTorch's stays as it is from then on.
 */
export class Adam extends Optimizer<AdamOptions> {
  protected defaults(): AdamOptions {
    return { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };
  }

  protected override checkRanges({ betas, eps, weightDecay, amsgrad, maximize }: AdamOptions): void {
    requireNonNegative("eps", eps);
    requireNonNegative("weightDecay", weightDecay);
    requireBoolean("amsgrad", amsgrad);
    requireBoolean("maximize", maximize);
    if (!Array.isArray(betas) || betas.length !== 2) {
      throw new Error(`betas is ${JSON.stringify(betas)}, expected two numbers`);
    }
    betas.forEach((beta, i) => {
      if (!(Number.isFinite(beta) && beta >= 0 && beta < 1)) {
        throw new Error(`betas[${i}] is ${beta}, expected 0 ≤ β < 1`);
      }
    });
  }

  protected override bufferNames({ amsgrad }: AdamOptions): string[] {
    return ["firstMoment", "secondMoment", ...(amsgrad ? ["largestSecondMoment"] : [])];
  }

  protected override scalars({ lr, step }: { lr: tf.Tensor1D; step: tf.Tensor1D }): ScalarVectors {
    const [correction1, correction2] = ([0, 1] as const).map((i) => {
      // 1 − βᵗ as −expm1(t·ln β), which keeps its digits in float32 where β is close to 1.
      const logBeta = this.perParameter((options) => Math.log(effectiveBetas(options)[i]));
      return tf.neg(tf.expm1(tf.mul(step, logBeta)));
    }) as [tf.Tensor1D, tf.Tensor1D];
    const root = tf.sqrt(correction2);
    return {
      alpha: tf.div(tf.mul(lr, root), correction1),
      epsilon: tf.mul(
        this.perParameter(({ eps }) => eps),
        root,
      ),
    };
  }

  protected update(slot: Slot<AdamOptions>, gradient: tf.Tensor, scalars: Scalars): void {
    const { maximize, weightDecay } = slot.group;
    this.descend(slot, withL2(towardsGoal(gradient, maximize), slot.parameter, weightDecay), scalars);
  }

  /** Adam's step without decay. */
  protected descend(slot: Slot<AdamOptions>, gradient: tf.Tensor, scalars: Scalars): void {
    const plain = () => descendByOperations(slot, gradient, scalars);
    if (!isKernelExact(slot.group)) {
      plain();
      return;
    }
    const { parameter, buffers, group } = slot;
    const [beta1, beta2] = group.betas;
    const none = tf.scalar(0);
    const update = {
      op: "ResourceApplyAdam",
      variables: [parameter, buffers.firstMoment, buffers.secondMoment],
      // It would correct by powers of the betas: of 0, not at all.
      inputs: [none, none, scalars.alpha, tf.scalar(beta1), tf.scalar(beta2), scalars.epsilon, gradient],
    };
    inPlace(update, plain);
  }
}

/**
 * Whether TensorFlow's kernel computes these options to float32's precision. It has no AMSGrad, and computes moments as
 * m + (1 − β)·(g − m): below one half that loses the digits of g to an m that should be forgotten, and close to 1 the
 * distance of a float32 β from 1 has few digits.
 */
function isKernelExact({ betas, amsgrad }: AdamOptions): boolean {
  return !amsgrad && betas.every((beta) => beta >= 0.5 && beta <= 0.9999);
}

/** The betas that the moments decay by: TensorFlow's kernel takes the distance from 1 of what they are in float32. */
function effectiveBetas(options: AdamOptions): [number, number] {
  const [beta1, beta2] = options.betas;
  return isKernelExact(options) ? [Math.fround(beta1), Math.fround(beta2)] : [beta1, beta2];
}

function descendByOperations(
  { parameter, group, buffers }: Slot<AdamOptions>,
  gradient: tf.Tensor,
  { alpha, epsilon }: Scalars,
): void {
  const { firstMoment, secondMoment, largestSecondMoment } = buffers;
  const [beta1, beta2] = effectiveBetas(group);
  const average = isKernelExact(group) ? averageOfKernel : averageOfAnyBeta;
  firstMoment.assign(average(firstMoment, gradient, beta1));
  secondMoment.assign(average(secondMoment, tf.square(gradient), beta2));
  if (group.amsgrad) largestSecondMoment.assign(larger(largestSecondMoment, secondMoment));
  const denominator = tf.add(tf.sqrt(group.amsgrad ? largestSecondMoment : secondMoment), epsilon);
  parameter.assign(tf.sub(parameter, tf.div(tf.mul(firstMoment, alpha), denominator)));
}

/** The larger of two; NaN where `b` is, which WebAssembly's `tf.maximum` would pass over. */
function larger(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(a, b), a, b);
}

/** An average that keeps `beta` of itself, as TensorFlow's kernel rounds it. */
function averageOfKernel(average: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(average, tf.mul(tf.sub(value, average), 1 - beta));
}

/** The same where the average may be far larger than the value that is to take its place. */
function averageOfAnyBeta(average: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(tf.mul(average, beta), tf.mul(value, 1 - beta));
}
