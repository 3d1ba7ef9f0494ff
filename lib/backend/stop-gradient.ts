import { tf } from "./tf";

/** A tensor of the same values through which no gradient flows: `torch.Tensor.detach`. It shares the memory. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  tf.backend().incRef(x.dataId);
  return tf.engine().makeTensorFromDataId(x.dataId, x.shape, x.dtype) as T;
}
