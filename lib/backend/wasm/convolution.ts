import * as tf from "@tensorflow/tfjs";

export type Shape4 = [number, number, number, number];

type Pad = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];

/** Explicit padding: zeros before and after each axis, none for examples and channels. */
export type ExplicitPad = Extract<Pad, unknown[]>;

/** The attributes that a convolution, with dilation 1, shares with its gradients. */
export interface Convolution {
  strides: number | [number, number];
  pad: Pad;
  dataFormat: string;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * Computes the output sizes, strides and paddings of a convolution.
 *
 * @throws Error if its data format is not NHWC.
 */
export function geometryOf(inputShape: Shape4, filterShape: Shape4, convolution: Convolution) {
  const { strides, pad, dataFormat, dimRoundingMode } = convolution;
  if (dataFormat !== "NHWC") {
    throw new Error(
      `The gradients of conv2d on the wasm backend require the data format NHWC, got ${dataFormat}`,
    );
  }
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
}
