import { backend } from "../backend";

/**
 * The `skip` option of a test that is meaningless or too slow on backends other than TensorFlow: the given reason
 * there, which the report of `npm test` lists, and false on TensorFlow.
 *
 * @example
 * test("gather rejects an index out of range", { skip: onlyNative("the others do not check") }, () => …);
 */
export function onlyNative(reason: string): string | false {
  return backend().name === "tensorflow" ? false : reason;
}
