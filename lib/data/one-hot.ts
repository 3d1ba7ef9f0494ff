import { Matrix } from "ml-matrix";
import { requireInteger } from "../checks/check-range";

/**
 * A row for each label with 1 in the label's column and 0 elsewhere, [labels, classes].
 *
 * @throws RangeError for a label that is not below `classes`
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Matrix {
  const result = new Matrix(labels.length, classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    requireInteger(`label ${i}`, label, 0, classes - 1);
    result.set(i, label, 1);
  }
  return result;
}
