import type { tf } from "../backend/tf";
import { kernelWithCentre } from "./kernel-centre";
import type { KernelShape } from "./weight-shape";
import { type ZerOOptions, zerO } from "./zero";

/**
 * ZerO initialization of a convolution kernel: Zhao, Schäfer, Anandkumar 2021 (arXiv 2110.12661), algorithm 2. The
 * kernel is zero except at its centre (⌊height / 2⌋, ⌊width / 2⌋), where it is `zerO([outputs, inputs])`, so that the
 * convolution multiplies each pixel by that matrix. With no more outputs than inputs it is PyTorch's
 * `torch.nn.init.dirac_`.
 *
 * Choices made here, since the authors published no code for it:
 * - The paper reuses m = ⌈log₂ P⌉ of algorithm 1 without defining P for convolutions; here P is the number of outputs,
 *   as in algorithm 1. The factor is 2^(−m/2), as in `zerO`, or the paper's 2^(−(m−1)/2) on request.
 * - The paper assumes square kernels of odd size. Here height and width may differ, and even sizes use ⌊size / 2⌋ too,
 *   like `dirac_`: with padding of ⌊size / 2⌋ on both sides the image is not shifted and gains one pixel at its end;
 *   "same" padding, with less padding before than after, shifts it by one pixel.
 *
 * @param shape [outputs, inputs, height, width]
 * @param options The factor of the Hadamard matrix. Default: that of the code.
 * @returns The kernel, float32, of that shape.
 * @throws RangeError if the shape is not four integers ≥ 1.
 */
export function convZerO(shape: KernelShape, options: ZerOOptions = {}): tf.Tensor4D {
  return kernelWithCentre(shape, (matrixShape) => zerO(matrixShape, options));
}
