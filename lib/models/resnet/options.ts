import { checkOptions, requireBoolean } from "../../checks/check-options";
import { requireInteger, requireIntegers } from "../../checks/check-range";
import type { KernelInitializer } from "./kernel-initializer";

/** How a block's inputs are added to its outputs. */
export type Shortcut = (typeof SHORTCUTS)[number];

/** Options of `ResNet`. */
export interface ResNetOptions {
  /** The initial kernels, asked for from the first to the last. */
  initialize: KernelInitializer;
  /** The channels of the images. Default: 3. */
  channels?: number;
  /** The height and width of the images in pixels. Default: 32. */
  side?: number;
  /** The number of classes. Default: 10. */
  classes?: number;
  /** The channels of each stage; each but the first halves height and width. Default: [16, 32, 64]. */
  widths?: readonly number[];
  /** The blocks of two convolutions in each stage: 1 makes ResNet-8, 3 ResNet-20. Default: 1. */
  blocksPerStage?: number;
  /**
   * Whether convolutions are followed, or preceded, by batch normalization; without it they have biases, which start as
   * 0. Default: true.
   */
  batchNorm?: boolean;
  /** Whether batch normalization and ReLU come before each convolution (He et al. 2016b). Default: false. */
  preActivation?: boolean;
  /**
   * How a block's inputs are added to its outputs. Where they have one shape: as they are. Where not: "projection" by a
   * 1 × 1 convolution (He et al. 2016, option B), "padding" by taking every second pixel, with further channels of zeros
   * (option A). "none" adds nothing in any block: a plain network. Default: "projection".
   */
  shortcut?: Shortcut;
}

const SHORTCUTS = ["projection", "padding", "none"] as const;

const DEFAULTS = {
  channels: 3,
  side: 32,
  classes: 10,
  widths: [16, 32, 64],
  blocksPerStage: 1,
  batchNorm: true,
  preActivation: false,
  shortcut: "projection",
} as const satisfies Omit<Required<ResNetOptions>, "initialize">;

/** @throws Error for an option that is not known or out of its range. */
export function completeOptions(options: ResNetOptions): Required<ResNetOptions> {
  checkOptions("ResNet", options, ["initialize", ...Object.keys(DEFAULTS)]);
  const complete = { ...DEFAULTS, ...options };
  const { channels, side, classes, widths, blocksPerStage, batchNorm, preActivation } = complete;
  const { shortcut, initialize } = complete;
  if (typeof initialize !== "function") {
    throw new Error(`ResNet: initialize is ${initialize}, expected a function of a kernel's shape and role`);
  }
  for (const [name, size] of Object.entries({ channels, side, classes, blocksPerStage })) {
    requireInteger(`ResNet: ${name}`, size, 1);
  }
  requireIntegers("ResNet: widths", widths, "one or more integers ≥ 1", { least: 1, atLeast: 1 });
  requireBoolean("batchNorm", batchNorm);
  requireBoolean("preActivation", preActivation);
  if (!SHORTCUTS.includes(shortcut)) {
    throw new Error(`ResNet: shortcut is ${shortcut}, expected ${SHORTCUTS.join(", ")}`);
  }
  if (shortcut === "padding" && widths.some((width, i) => width < widths[Math.max(i - 1, 0)]!)) {
    throw new RangeError(
      `ResNet: widths is [${widths.join(", ")}], expected none to decrease for shortcuts by padding`,
    );
  }
  return complete;
}
