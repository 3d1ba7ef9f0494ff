/** What of jStat is used here, which has no types of its own. */
interface JStat {
  studentt: { inv(probability: number, degreesOfFreedom: number): number };
  normal: { inv(probability: number, mean: number, deviation: number): number };
  spearmancoeff(x: number[], y: number[]): number;
}

/** jStat, loaded when first asked for: most notebooks compute no statistics. */
export function jstat(): JStat {
  return (require("jstat") as { jStat: JStat }).jStat;
}
