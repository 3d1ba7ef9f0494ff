/**
 * Optimizers and schedules of learning rates, PyTorch's.
 *
 * @module
 */

export { Adam, type AdamOptions } from "./adam";
export { AdamW } from "./adamw";
export {
  type Gradients,
  type GroupOptions,
  Optimizer,
  type ParameterGroup,
  type Scalars,
  type ScalarVectors,
  type Scheduler,
  type Slot,
} from "./optimizer";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau";
export { SGD, type SGDOptions } from "./sgd";
export { StepLR, type StepLROptions } from "./step-lr";
