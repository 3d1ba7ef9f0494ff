import type { DataLoader } from "../data/loader";
import type { Scores } from "./scores";
import type { TrainerProgress } from "./trainer-options";

/**
 * Formats a step as PyTorch's MNIST example prints it: "Train Epoch: 1 [3200/60000 (5%)]\tLoss: 0.365503".
 *
 * Like the example it counts the batches before the step's. Where `accuracy` is among the metrics, it is added as the
 * accuracy of all images of the epoch so far, "\tAccuracy(84%)".
 *
 * @param progress The step.
 * @param loader The loader of the training set; its batches are of `batchSize` images.
 * @param batchSize The images of a batch.
 */
export function trainLine(
  { epoch, batch, loss, soFar }: TrainerProgress<never> & { soFar: { accuracy?: number } },
  { count, length }: Pick<DataLoader, "count" | "length">,
  batchSize: number,
): string {
  const seen = (batch - 1) * batchSize;
  const line = `Train Epoch: ${epoch} [${seen}/${count} (${percent((batch - 1) / length)}%)]\tLoss: ${loss.toFixed(6)}`;
  return soFar.accuracy === undefined ? line : `${line}\tAccuracy(${percent(soFar.accuracy)}%)`;
}

/**
 * Formats an evaluation as PyTorch's MNIST example prints it: "Test set: Average loss: 0.1849, Accuracy: 9454/10000
 * (95%)".
 */
export function testLine({ loss, accuracy, count }: Scores<"accuracy">): string {
  const correct = Math.round(accuracy * count);
  return `Test set: Average loss: ${loss.toFixed(4)}, Accuracy: ${correct}/${count} (${percent(accuracy)}%)`;
}

const percent = (share: number) => (100 * share).toFixed(0);
