import { tf } from "./tf";

/** The same numbers with no way back for a gradient: `torch.Tensor.detach`. It shares the memory. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  tf.backend().incRef(x.dataId);
  return tf.engine().makeTensorFromDataId(x.dataId, x.shape, x.dtype) as T;
}
