import type { RandomState } from "../../random/numpy";
import { AlongProjection } from "./along-projection";
import { DenseProjection } from "./dense-projection";
import { FastfoodProjection } from "./fastfood-projection";
import { checkDimension, type Projection } from "./projection";
import { SparseProjection } from "./sparse-projection";

const kinds = ["dense", "sparse", "fastfood"] as const;

/** The name of a random projection that `makeProjection` makes. */
export type ProjectionKind = (typeof kinds)[number];

/** Options of `makeProjection`. */
export interface MakeProjectionOptions {
  /** Whether it is for θ = θ₀ + P·ω, a random subspace, and not for θ = P·ω through θ₀. Default: false. */
  affine?: boolean;
}

/**
 * A projection by its name, for a net that starts at θ.
 *
 * @param dimension Of ω, from 1 to the number of parameters.
 * @throws RangeError as `checkProjection`.
 */
export function makeProjection(
  kind: ProjectionKind,
  dimension: number,
  theta: ArrayLike<number>,
  random: RandomState,
  { affine = false }: MakeProjectionOptions = {},
): Projection {
  checkProjection(kind, dimension, theta.length);
  if (affine) return randomProjection(kind, theta.length, dimension, random);
  if (kind === "dense" || dimension === 1) return DenseProjection.along(theta, dimension, random);
  return new AlongProjection(theta, randomProjection(kind, theta.length, dimension - 1, random));
}

/**
 * Checks the arguments of `makeProjection` without making the projection.
 *
 * @param size The number of parameters.
 * @throws RangeError for another name, a dimension that is not an integer from 1 to `size`, or a dense P that the memory
 *   does not hold.
 */
export function checkProjection(kind: ProjectionKind, dimension: number, size: number): void {
  if (!kinds.includes(kind)) {
    throw new RangeError(`expected "${kinds.join('", "')}" as projection, got "${kind}"`);
  }
  checkDimension(dimension, size);
  if (kind === "dense") DenseProjection.checkMemory(size, dimension);
}

function randomProjection(
  kind: ProjectionKind,
  size: number,
  dimension: number,
  random: RandomState,
): Projection {
  if (kind === "dense") return DenseProjection.random(size, dimension, random);
  const Structured = kind === "sparse" ? SparseProjection : FastfoodProjection;
  return new Structured(size, dimension, random);
}
