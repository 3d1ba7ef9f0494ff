import { backend } from "../backend";

/**
 * For the `skip` of a test that has no meaning, or takes too long, on another backend than TensorFlow: the reason
 * there, which the report of `npm test` lists, and false on TensorFlow.
 *
 * @example
 * test("gather of a row that there is not is an error", { skip: onlyNative("the others do not check") }, () => …);
 */
export function onlyNative(reason: string): string | false {
  return backend().name === "tensorflow" ? false : reason;
}
