/**
 * Data sets, their loaders and tasks made of them.
 *
 * @module
 */

export type { Augmentation } from "./augmentation";
export { CIFAR10_CLASSES, CIFAR10_FEATURES, type Cifar10, loadCifar10 } from "./cifar10";
export { type CropAndFlipOptions, randomCropAndFlip } from "./crop-and-flip";
export { type Dataset, TensorDataset } from "./dataset";
export { EpochIterator } from "./epoch-iterator";
export type { FetchOptions } from "./fetch/dataset";
export type { TransferReport } from "./fetch/transfer-report";
export { ImageDataset, type ImageDatasetOptions } from "./image-dataset";
export type { LabelledImages } from "./labelled-images";
export { DataLoader, type DataLoaderOptions } from "./loader";
export { allDigits, loadMnist, type Mnist } from "./mnist";
export { oneHot } from "./one-hot";
export { withClasses, withPermutedPixels, withRandomLabels } from "./tasks";
