import { Matrix } from "ml-matrix";

/**
 * A row for each label with 1 in the label's column and 0 elsewhere, [labels, classes].
 *
 * @throws RangeError for a label that is not below `classes`
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Matrix {
  const result = new Matrix(labels.length, classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(`Label ${i} is ${label}, expected an integer from 0 to ${classes - 1}`);
    }
    result.set(i, label, 1);
  }
  return result;
}
