import * as tf from "@tensorflow/tfjs";

export type Shape4 = [number, number, number, number];

type Pad = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];

/** Rows and columns of zeros before and after an image, of which there are none among examples and channels. */
export type ExplicitPad = Extract<Pad, unknown[]>;

/** The attributes of a convolution that its gradients know too; its dilation is 1. */
export interface Convolution {
  strides: number | [number, number];
  pad: Pad;
  dataFormat: string;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The sizes, strides and paddings of a convolution.
 *
 * @throws Error if its data format is not NHWC.
 */
export function geometryOf(inputShape: Shape4, filterShape: Shape4, convolution: Convolution) {
  const { strides, pad, dataFormat, dimRoundingMode } = convolution;
  if (dataFormat !== "NHWC") {
    throw new Error(
      `The gradients of conv2d on the wasm backend want the data format NHWC, got ${dataFormat}`,
    );
  }
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
}
