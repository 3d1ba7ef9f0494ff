import { tf } from "../backend/tf";
import { checkShape, type KernelShape } from "./weight-shape";
import { zerO } from "./zero";

/**
 * ZerO initialization of a convolution: Zhao, Schäfer, Anandkumar 2021 (arXiv 2110.12661), algorithm 2. The kernel is
 * zero but for its centre (⌊height / 2⌋, ⌊width / 2⌋), which holds `zerO([outputs, inputs])`: each pixel passes
 * through that matrix alone. With no more outputs than inputs, this is PyTorch's `torch.nn.init.dirac_`.
 *
 * Choices of ours, as the authors published no code for it:
 * - In the Hadamard part the paper takes over m = ⌈log₂ P⌉ from algorithm 1, without saying what P is here: we take
 *   the outputs, which P is there. The factor is that of `zerO`, 2^(−m/2), not the paper's 2^(−(m−1)/2).
 * - The paper has square kernels of odd size. We take height and width separately, and the same ⌊size / 2⌋ for even
 *   sizes, as `dirac_` does: padded by ⌊size / 2⌋ at both ends, each pixel stays in its place and one of padding
 *   follows; "same" padding, which puts less before, moves the image by one pixel.
 *
 * @throws RangeError if the shape is not four positive integers
 */
export function convZerO(shape: KernelShape): tf.Tensor4D {
  checkShape(shape, 4);
  const [outputs, inputs, height, width] = shape;
  const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)];
  const bottom = height - 1 - top;
  const right = width - 1 - left;
  return tf.tidy(() => {
    const centre = zerO([outputs, inputs]).reshape<tf.Tensor4D>([outputs, inputs, 1, 1]);
    return tf.pad(centre, [
      [0, 0],
      [0, 0],
      [top, bottom],
      [left, right],
    ]);
  });
}
