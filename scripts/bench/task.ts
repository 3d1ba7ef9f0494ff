/** Something that is timed, by the name that scripts/python/bench.py has for the same. */
export interface Task {
  name: string;
  /** Whether torch.compile is measured too. */
  isTraining: boolean;
  /** What our threads share; see `Parallel`. Default: "kernels". */
  parallel?: "kernels" | "batches";
  /** How often the sides take turns. Default: 7. */
  rounds?: number;
  /** Gives what is timed: it returns how many units, such as steps, it has done. */
  prepare(): Promise<() => number>;
}
