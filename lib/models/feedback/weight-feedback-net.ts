import type { TorchGenerator } from "../../random/torch";
import { ConvNet, type ConvNetOptions, type ConvNetSizes } from "./conv-net";
import { type Feedback, PooledFeedback, ProjectedFeedback } from "./feedback";

/** What a net of notebook 02 consists of. */
export interface WeightFeedbackSetting {
  readonly sizes: ConvNetSizes;
  /** Makes the feedback of a net; a plain net has none. */
  readonly feedback?: () => Feedback;
}

const mnist = { channels: 1, side: 28, filters: [5, 10], classes: 10 } as const;
const cifar10 = { channels: 3, side: 32, filters: [20, 50], classes: 10 } as const;

/**
 * The nets of notebook 02 under the names of the document's classes: plain nets for 28 × 28 digits (`Net`) and for 32 × 32
 * colour images (`NetCifar10`), and nets that are also given their linear weights, max-pooled to 22 or 430 numbers and
 * filled up with 4 or 30 ones (`WeightNetMnist`, `WeightNetCifar10`), or projected to 26 or 460 numbers by a matrix P
 * (`WeightNetMnistP`, `WeightNetCifar10P`, whose P takes 1.6 GB).
 */
export const weightFeedbackSettings = {
  Net: { sizes: { ...mnist, hidden: 50 } },
  WeightNetMnist: {
    sizes: { ...mnist, hidden: 60 },
    feedback: () => new PooledFeedback({ window: [25, 31], pooled: 22, size: 26 }),
  },
  WeightNetMnistP: { sizes: { ...mnist, hidden: 50 }, feedback: () => new ProjectedFeedback(26) },
  NetCifar10: { sizes: { ...cifar10, hidden: 700 } },
  WeightNetCifar10: {
    sizes: { ...cifar10, hidden: 500 },
    feedback: () => new PooledFeedback({ window: [50, 45], pooled: 430, size: 460 }),
  },
  WeightNetCifar10P: { sizes: { ...cifar10, hidden: 500 }, feedback: () => new ProjectedFeedback(460) },
} satisfies Record<string, WeightFeedbackSetting>;

/** The name of a setting of `weightFeedbackSettings`. */
export type WeightFeedbackNetName = keyof typeof weightFeedbackSettings;

/** Options of `weightFeedbackNet`. */
export interface WeightFeedbackNetOptions extends ConvNetOptions {
  /** The setting that the net has but for the other options. */
  net: WeightFeedbackNetName;
  /** Draws the parameters, then what the feedback draws. */
  generator: TorchGenerator;
  /** The units of the hidden layer. Default: the setting's. */
  hidden?: number;
}

/**
 * A convolutional net of notebook 02, whose first linear layer may read the weights of both linear layers.
 *
 * @example
 * const net = weightFeedbackNet({ net: "WeightNetMnist", generator: new TorchGenerator(1) });
 *
 * @param options The setting by its name, and what differs from it; the default of `feedback` is the setting's.
 * @throws RangeError as `ConvNet`; Error for a setting that there is not.
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
