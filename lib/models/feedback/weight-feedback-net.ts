import type { TorchGenerator } from "../../random/torch";
import { ConvNet, type ConvNetOptions, type ConvNetSizes } from "./conv-net";
import { type Feedback, PooledFeedback, ProjectedFeedback } from "./feedback";

/** The sizes and the feedback of a network of notebook 02. */
export interface WeightFeedbackSetting {
  readonly sizes: ConvNetSizes;
  /** Makes the feedback; absent for a plain network. */
  readonly feedback?: () => Feedback;
}

const MNIST = { channels: 1, side: 28, filters: [5, 10], classes: 10 } as const;
const CIFAR10 = { channels: 3, side: 32, filters: [20, 50], classes: 10 } as const;

/**
 * The settings of notebook 02's networks by the names of the original's classes: plain networks for 28 × 28 digits
 * (`Net`) and 32 × 32 colour images (`NetCifar10`), and networks that also receive their linear weights, max-pooled to
 * 22 or 430 values and padded with 4 or 30 ones (`WeightNetMnist`, `WeightNetCifar10`), or projected to 26 or 460
 * values by a matrix P (`WeightNetMnistP`, `WeightNetCifar10P`, whose P takes 1.6 GB).
 */
export const weightFeedbackSettings = {
  Net: { sizes: { ...MNIST, hidden: 50 } },
  WeightNetMnist: {
    sizes: { ...MNIST, hidden: 60 },
    feedback: () => new PooledFeedback({ window: [25, 31], pooled: 22, size: 26 }),
  },
  WeightNetMnistP: { sizes: { ...MNIST, hidden: 50 }, feedback: () => new ProjectedFeedback(26) },
  NetCifar10: { sizes: { ...CIFAR10, hidden: 700 } },
  WeightNetCifar10: {
    sizes: { ...CIFAR10, hidden: 500 },
    feedback: () => new PooledFeedback({ window: [50, 45], pooled: 430, size: 460 }),
  },
  WeightNetCifar10P: { sizes: { ...CIFAR10, hidden: 500 }, feedback: () => new ProjectedFeedback(460) },
} satisfies Record<string, WeightFeedbackSetting>;

/** The name of a setting of `weightFeedbackSettings`. */
export type WeightFeedbackNetName = keyof typeof weightFeedbackSettings;

/** Options of `weightFeedbackNet`. */
export interface WeightFeedbackNetOptions extends ConvNetOptions {
  /** The setting that the other options modify. */
  net: WeightFeedbackNetName;
  /** The random generator of the parameters and then of the feedback. */
  generator: TorchGenerator;
  /** The number of units of the hidden layer. Default: the setting's. */
  hidden?: number;
}

/**
 * Makes a convolutional network of notebook 02, whose first linear layer may read the weights of both linear layers.
 *
 * @example
 * const net = weightFeedbackNet({ net: "WeightNetMnist", generator: new TorchGenerator(1) });
 *
 * @param options The name of the setting and the options that override it; the default of `feedback` is the setting's.
 * @throws Error for an unknown setting; RangeError for a number of hidden units that is not an integer ≥ 1, or weights
 *   whose shapes the feedback rejects.
 */
export function weightFeedbackNet({
  net,
  generator,
  hidden,
  feedback,
  feedbackGradient,
}: WeightFeedbackNetOptions): ConvNet {
  if (!Object.hasOwn(weightFeedbackSettings, net)) {
    const names = Object.keys(weightFeedbackSettings).join(", ");
    throw new Error(`weightFeedbackNet: net is ${net}, expected one of ${names}`);
  }
  const setting: WeightFeedbackSetting = weightFeedbackSettings[net];
  const sizes = { ...setting.sizes, ...(hidden !== undefined && { hidden }) };
  return new ConvNet(sizes, generator, { feedback: feedback ?? setting.feedback?.(), feedbackGradient });
}
