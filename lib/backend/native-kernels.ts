import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import { createTensorsTypeOpAttr } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";

const BACKEND_NAME = "tensorflow";

/** The argument with which tfjs calls a kernel. */
interface Call {
  inputs: Record<string, tf.TensorInfo>;
  attrs: Record<string, unknown>;
  backend: NodeJSKernelBackend;
}

/** Runs a faster operation of TensorFlow; returns undefined for calls that it does not cover. */
type FasterKernel = (call: Call) => tf.TensorInfo | undefined;

/** Faster kernels by the names of the tfjs kernels whose calls they take over. */
const fasterKernels: Record<string, FasterKernel> = {
  Add: addBias,
  BatchMatMul: multiplyByVector,
  GatherV2: gather,
  Sum: sumOverBatch,
};

/**
 * Replaces kernels of tfjs-node by faster operations of TensorFlow: `MatMul` for a matrix and a vector, `BiasAdd`,
 * `BiasAddGrad`, `ReluGrad`, and a gather that does not read its indices back. Results differ only in the order of
 * summation.
 */
export function registerBetterKernels(): void {
  for (const [kernelName, kernel] of Object.entries(fasterKernels)) {
    const shipped = tf.getKernel(kernelName, BACKEND_NAME).kernelFunc;
    tf.unregisterKernel(kernelName, BACKEND_NAME);
    const kernelFunc = (call: unknown) =>
      kernel(call as Call) ?? shipped(call as Parameters<tf.KernelFunc>[0]);
    tf.registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc });
  }
  registerReluGradient();
}

/** Covers products with a vector only: for two larger matrices the package's `BatchMatMulV2` is faster. */
function multiplyByVector({ inputs: { a, b }, attrs, backend }: Call): tf.TensorInfo | undefined {
  const isVector = ({ shape }: tf.TensorInfo) => shape.includes(1);
  if (a!.shape.length !== 2 || b!.shape.length !== 2 || !(isVector(a!) || isVector(b!))) return undefined;
  return run(backend, "MatMul", [a!, b!], {
    transpose_a: attrs["transposeA"] as boolean,
    transpose_b: attrs["transposeB"] as boolean,
  });
}

function addBias({ inputs: { a, b }, backend }: Call): tf.TensorInfo | undefined {
  const isBias = a!.shape.length > 1 && b!.shape.length === 1 && b!.shape[0] === a!.shape.at(-1);
  if (!isBias || a!.dtype !== "float32" || b!.dtype !== "float32") return undefined;
  return run(backend, "BiasAdd", [a!, b!]);
}

/** Sums over all axes but the last, as in the gradient of a bias. */
function sumOverBatch({ inputs: { x }, attrs, backend }: Call): tf.TensorInfo | undefined {
  const { shape, dtype } = x!;
  const axes = tf.util.parseAxisParam(attrs["axis"] as number[], shape);
  const isOverBatch =
    shape.length > 1 && axes.length === shape.length - 1 && !axes.includes(shape.length - 1);
  if (!isOverBatch || attrs["keepDims"] || dtype !== "float32") return undefined;
  return run(backend, "BiasAddGrad", [x!]);
}

/** Skips the package's check, which reads the indices back; TensorFlow checks them itself on the CPU. */
function gather({ inputs: { x, indices }, attrs, backend }: Call): tf.TensorInfo {
  const type = (name: string, dtype: tf.DataType) => createTensorsTypeOpAttr(name, dtype);
  const axis = tf.scalar(attrs["axis"] as number, "int32");
  const batch = {
    name: "batch_dims",
    type: backend.binding.TF_ATTR_INT,
    value: attrs["batchDims"] as number,
  };
  const types = [type("Tparams", x!.dtype), type("Tindices", indices!.dtype), type("Taxis", "int32")];
  const result = backend.executeSingleOutput("GatherV2", [batch, ...types], [x!, indices!, axis]);
  axis.dispose();
  return result;
}

/** Replaces tfjs's gradient of ReLU, a product with a step function that takes four operations. */
function registerReluGradient(): void {
  const kernelFunc = (call: unknown) => {
    const { inputs, backend } = call as Call;
    return run(backend, "ReluGrad", [inputs["dy"]!, inputs["y"]!]);
  };
  tf.registerKernel({ kernelName: "ReluGrad", backendName: BACKEND_NAME, kernelFunc });
  const reluGrad = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor =>
    tf.getBackend() === BACKEND_NAME ? tf.engine().runKernel("ReluGrad", { dy, y }) : tf.mul(dy, tf.step(y));
  tf.registerGradient({
    kernelName: "ReluGrad",
    inputsToSave: ["dy", "y"],
    gradFunc: (ddy, [dy, y]) => ({
      dy: () => reluGrad(ddy as tf.Tensor, y!),
      y: () => tf.zerosLike(dy!),
    }),
  });
  tf.unregisterGradient("Relu");
  tf.registerGradient({
    kernelName: "Relu",
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => reluGrad(dy as tf.Tensor, y!) }),
  });
}

function run(
  backend: NodeJSKernelBackend,
  op: string,
  inputs: tf.TensorInfo[],
  flags: Record<string, boolean> = {},
): tf.TensorInfo {
  const type = backend.binding.TF_ATTR_BOOL;
  const attributes = Object.entries(flags).map(([name, value]) => ({ name, type, value }));
  const T = createTensorsTypeOpAttr("T", inputs[0]!.dtype);
  return backend.executeSingleOutput(op, [T, ...attributes], inputs);
}
