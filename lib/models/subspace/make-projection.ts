import type { RandomState } from "../../random/numpy";
import { AlongProjection } from "./along-projection";
import { DenseProjection } from "./dense-projection";
import { FastfoodProjection } from "./fastfood-projection";
import { checkDimension, type Projection } from "./projection";
import { SparseProjection } from "./sparse-projection";

const KINDS = ["dense", "sparse", "fastfood"] as const;

/** The name of a kind of random projection. */
export type ProjectionKind = (typeof KINDS)[number];

/** Options of `makeProjection`. */
export interface MakeProjectionOptions {
  /** Whether θ = θ₀ + P·ω with a random P, instead of θ = P·ω with θ₀ in the subspace. Default: false. */
  affine?: boolean;
}

/**
 * Makes a random projection for a network that starts at θ.
 *
 * @param kind "dense" (orthonormal columns), "sparse" or "fastfood".
 * @param dimension The dimension of ω, in [1, D].
 * @param theta The initial parameters [D].
 * @param random The random generator.
 * @throws RangeError for another kind or dimension, a dense P that does not fit into memory, or, unless affine, a θ of
 *   zeros.
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
 * @param kind The kind of projection.
 * @param dimension The dimension of ω, in [1, size].
 * @param size The number of parameters D.
 * @throws RangeError for another kind or dimension, or a dense P that does not fit into memory.
 */
export function checkProjection(kind: ProjectionKind, dimension: number, size: number): void {
  if (!KINDS.includes(kind)) {
    throw new RangeError(`expected "${KINDS.join('", "')}" as projection, got "${kind}"`);
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
