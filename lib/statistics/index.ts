/**
 * Confidence intervals, permutation tests and correlations.
 *
 * @module
 */

export { intervalText } from "./interval-text";
export { linearCka } from "./linear-cka";
export { type Interval, meanInterval, pairedDifference } from "./mean-interval";
export { type PermutationTest, permutationTest } from "./permutation-test";
export { type Correlation, spearman } from "./rank-correlation";
