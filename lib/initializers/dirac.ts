import type { tf } from "../backend/tf";
import { kernelWithCentre } from "./kernel-centre";
import { partialIdentity } from "./partial-identity";
import type { KernelShape } from "./weight-shape";

/**
 * The partial identity of convolutions, which copies input channels to outputs and sets further outputs to zero:
 * PyTorch's `torch.nn.init.dirac_`.
 *
 * @param shape [outputs, inputs, height, width]
 * @returns The kernel, float32, of that shape.
 * @throws RangeError if the shape is not four integers ≥ 1.
 */
export function dirac(shape: KernelShape): tf.Tensor4D {
  return kernelWithCentre(shape, partialIdentity);
}
