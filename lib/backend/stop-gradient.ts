import { tf } from "./tf";

/** Returns a tensor that shares the values of `x` but passes no gradient: `torch.Tensor.detach`. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  tf.backend().incRef(x.dataId);
  return tf.engine().makeTensorFromDataId(x.dataId, x.shape, x.dtype) as T;
}
