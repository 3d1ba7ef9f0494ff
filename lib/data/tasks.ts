import { requireNumber } from "../checks/check-range";
import type { TorchGenerator } from "../random/torch";
import { featuresOf, type LabelledImages } from "./labelled-images";

/**
 * Only the images of some classes, in their order. A class's new label is its place in `classes`.
 *
 * @throws RangeError for a class that is given twice or of which there is no image, and unless each image has a label.
 */
export function withClasses(data: LabelledImages, classes: readonly number[]): LabelledImages {
  const missing = classes.find((label, i) => !data.labels.includes(label) || classes.indexOf(label) !== i);
  if (missing !== undefined || classes.length === 0) {
    throw new RangeError(`expected different classes among the labels, got [${classes.join(", ")}]`);
  }
  const features = featuresOf(data);
  const chosen = Array.from(data.labels.keys()).filter((i) => classes.includes(data.labels[i]!));
  const images = new Uint8Array(chosen.length * features);
  for (const [row, i] of chosen.entries())
    images.set(data.images.subarray(i * features, (i + 1) * features), row * features);
  const labels = Uint8Array.from(chosen, (i) => classes.indexOf(data.labels[i]!));
  return { count: chosen.length, images, labels };
}

/**
 * A share of the labels, of images drawn at random, replaced by labels drawn uniformly from those there are: some come
 * out as they were (Zhang et al. 2017).
 *
 * @param share From 0 to 1.
 */
export function withRandomLabels(
  data: LabelledImages,
  share: number,
  generator: TorchGenerator,
): LabelledImages {
  featuresOf(data);
  requireNumber("withRandomLabels: share", share, "[0, 1]");
  const classes = [...new Set(data.labels)].sort((a, b) => a - b);
  const drawn = generator.randperm(data.count).subarray(0, Math.round(share * data.count));
  const draws = generator.rand([drawn.length]);
  const labels = data.labels.slice();
  for (const [i, image] of drawn.entries()) labels[image] = classes[Math.floor(draws[i]! * classes.length)]!;
  return { ...data, labels };
}

/**
 * The pixels of all images in another order: pixel i of the new ones is pixel `permutation[i]` of the old.
 *
 * @throws RangeError unless it is a permutation of the pixels.
 */
export function withPermutedPixels(data: LabelledImages, permutation: ArrayLike<number>): LabelledImages {
  const features = featuresOf(data);
  const order = Array.from(permutation);
  const isWhole = new Set(order).size === features && order.every((pixel) => pixel >= 0 && pixel < features);
  if (order.length !== features || !isWhole) {
    throw new RangeError(`expected a permutation of ${features} pixels, got ${order.length} numbers`);
  }
  const images = data.images.map((_, i) => data.images[i - (i % features) + order[i % features]!]!);
  return { ...data, images };
}
