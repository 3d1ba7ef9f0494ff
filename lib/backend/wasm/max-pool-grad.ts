import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

type Numbers = Float32Array;
type Pooling = ReturnType<typeof tf.backend_util.computePool2DInfo>;

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computePool2DInfo>[4];
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * MaxPoolGrad on the wasm heap: each element of dy is added at the first maximum of its window, as in TensorFlow and
 * PyTorch. The shipped kernel starts from the smallest positive float and so drops windows without positive values.
 */
export const maxPoolGrad: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
  const shape = input.shape as [number, number, number, number];
  const pooling = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const wasm = backend as BackendWasm;
  const dx = wasm.makeOutput(input.shape, "float32");
  const [x, from, to] = [input, dy, dx].map((tensor) => wasm.typedArrayFromHeap(tensor) as Numbers);
  scatterToMaxima(x!, from!, to!, pooling);
  return dx;
};

function scatterToMaxima(x: Numbers, dy: Numbers, dx: Numbers, pooling: Pooling): void {
  const { batchSize, outHeight, outWidth, inChannels } = pooling;
  dx.fill(0);
  let output = 0;
  for (let example = 0; example < batchSize; example++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let channel = 0; channel < inChannels; channel++) {
          dx[firstMaximum(x, pooling, example, i, j, channel)]! += dy[output++]!;
        }
      }
    }
  }
}

/** The index in x of the first maximum in the window of output (i, j) of a channel. */
function firstMaximum(
  x: Numbers,
  pooling: Pooling,
  example: number,
  i: number,
  j: number,
  channel: number,
): number {
  const { inHeight, inWidth, inChannels, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } =
    pooling;
  const top = i * strideHeight - padInfo.top;
  const left = j * strideWidth - padInfo.left;
  let first = -1;
  for (let row = Math.max(top, 0); row < Math.min(top + filterHeight, inHeight); row++) {
    for (let column = Math.max(left, 0); column < Math.min(left + filterWidth, inWidth); column++) {
      const at = ((example * inHeight + row) * inWidth + column) * inChannels + channel;
      if (first < 0 || x[at]! > x[first]!) first = at;
    }
  }
  return first;
}
