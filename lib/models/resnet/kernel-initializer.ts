import type { tf } from "../../backend/tf";
import type { KernelShape } from "../../initializers/weight-shape";

/**
 * What a kernel of a `ResNet` is for: the first convolution, the first or the last convolution of a block, the 1 × 1
 * projection of a shortcut, or the linear layer that computes the logits.
 */
export type KernelRole = "first" | "block" | "last" | "shortcut" | "head";

/**
 * Returns the initial kernel of a `ResNet`, of the given shape; the head is a 1 × 1 kernel too, of shape
 * [classes, features, 1, 1].
 *
 * Kaiming: `(shape) => kaimingNormal(shape, generator)`.
 *
 * ZerO: `(shape) => convZerO(shape)`, or `convZerO(shape, { factor: "paper" })`. Partial identity: `dirac`.
 *
 * How ZerO (Zhao, Schäfer, Anandkumar 2021, arXiv 2110.12661) starts a residual network, and what was chosen here; the
 * paper's words on residual networks were not at hand, only its algorithms, the authors' code, and what other
 * implementations quote (stan-hua/ZerO-Initialization-PyTorch):
 * - Its algorithm 2 starts a convolution by its shape alone. So every kernel is treated alike, whatever its role: those
 *   of as many outputs as inputs are identities, the first one and the projections, which have more, Hadamard matrices,
 *   and the head, which has fewer, is the partial identity of algorithm 1. A 1 × 1 kernel is all centre.
 * - Batch normalization starts with weights 1 and biases 0, "the standard practice" as the paper is quoted; biases of
 *   convolutions and of the head start as 0.
 * - The code of the paper's first version (cifar/augskip_resnet.py in the history of the authors' repository) starts
 *   otherwise: all 3 × 3 kernels and the head are 0, each convolution has a skip connection of its own, and projections
 *   are partial identities followed by a fixed Hadamard matrix. A kernel of 0 beside a skip connection is at first what
 *   an identity is without one. The skip connections of single convolutions are not built here. Where blocks shall start
 *   as their shortcuts, as there and in Fixup (Zhang et al. 2019), let the last kernel of a block be 0:
 *   `(shape, role) => (role === "last" ? tf.zeros(shape) : convZerO(shape))`.
 * - That code also has ReLU before batch normalization; here it is after, as in He et al.
 */
export type KernelInitializer = (shape: KernelShape, role: KernelRole) => tf.Tensor;
