import * as tf from "@tensorflow/tfjs";
import { lastly } from "../cut-off";
import { TYPES } from "./data-types";
import type { Executable } from "./executable";
import type { Kind } from "./loop";
import { differenceOf, type Program, programOf, variableIds } from "./program";
import { programText } from "./program-text";
import { RecentlyUsed } from "./recently-used";
import { missingMembers, type NativeBackend, nativeBackend, record } from "./recording";

/** The outputs of a step: one tensor or several. */
export type StepOutputs = tf.Tensor | tf.Tensor[];

/** A function of tensors that `compile` accepts, such as a training step. */
export type CompilableStep<Inputs extends tf.Tensor[], Output extends StepOutputs> = (
  ...inputs: Inputs
) => Output;

/** A step that runs as one native call. */
export type CompiledStep<Inputs extends tf.Tensor[], Output extends StepOutputs> = CompilableStep<
  Inputs,
  Output
> & {
  /**
   * Runs the step several times in one native call: `jax.lax.scan`, with variables as the carry.
   *
   * @param inputs The inputs of all calls, stacked along a common first axis of length ≥ 1.
   * @returns The outputs of all calls, stacked along a first axis.
   * @throws Error if the first axes differ or are empty; NotFiniteError as `compile` describes.
   */
  scan(...inputs: tf.Tensor[]): Output;
  /**
   * Prints the traced program of each input shape for which a graph is kept, one operation a line; empty where the
   * step runs eagerly.
   */
  programs(): string;
  /** Frees the graphs; later calls run eagerly. */
  dispose(): void;
};

/** Options of `compile`. */
export interface CompileOptions {
  /**
   * Whether the first output, a float32 scalar such as the loss, must be finite: if it is not, the call assigns nothing
   * and throws. Default: false.
   */
  finite?: boolean;
}

/** Thrown when the first output of a step compiled with `finite` is not finite. */
export class NotFiniteError extends Error {
  override name = "NotFiniteError";

  /**
   * @param value The non-finite output.
   * @param call The index ≥ 0 of the call that returned it in a scan; earlier calls have assigned their variables.
   */
  constructor(
    readonly value: number,
    readonly call: number,
  ) {
    super(`the first output of a step is ${value}, expected a finite number; it has assigned nothing`);
  }
}

/** A traced step: its program, and the shape and type of each output. */
interface Traced {
  program: Program;
  results: Kind[];
}

/** How a step runs for inputs of one shape: as a graph, or eagerly. */
type Runner = Executable | "eager";

/**
 * The number of input shapes for which a compiled step keeps graphs. An epoch has two shapes for each loader, the full
 * batch and the last one; a graph takes 0.4 to 2 MB and a copy of the variables that it assigns.
 */
export const GRAPHS_KEPT = 16;

/**
 * Compiles a step, a function of tensors that may assign variables such as a training step, into one native call.
 *
 * At the first call with inputs of a new shape the step is traced: it runs twice while its TensorFlow operations are
 * recorded, and the variables are restored after each run. If both runs, or else the second and a third, recorded the
 * same program, it becomes a graph that serves this call and all later ones. The variables that it assigns live in the
 * graph's session; reading one fetches its current value, and external assignments take effect at the next call. A
 * graph may differ from eager execution in the last bit, since TensorFlow turns divisions by constants into products.
 *
 * Everything that changes from call to call must be an input or a variable. A step that creates different constants at
 * each call, reads the values of a tensor, or cannot be expressed as a graph runs eagerly, operation by operation, and
 * warns once with the reason. On backends other than TensorFlow every step runs eagerly.
 *
 * Graphs are kept for the 16 most recent input shapes. A graph takes 0.4 to 2 MB and a copy of the variables that it
 * assigns, and building one takes about 0.1 s, so inputs of many shapes should be padded to a few. A 17th shape evicts
 * the least recently used graph, whose variables keep their values; the graph is built again if its shape returns. A
 * warning tells of the first eviction.
 *
 * @param step Takes tensors and returns one or several; the caller owns the returned tensors and disposes of them. The
 *   step runs in a `tf.tidy` and must itself dispose of tensors that it keeps with `tf.keep`.
 * @returns The compiled step. Calls throw NotFiniteError where the option `finite` is set and the first output is not
 *   finite, and an Error if a variable that the step uses was disposed of.
 * @example
 * const step = compile((x: tf.Tensor2D, y: tf.Tensor1D) => {
 *   const { loss, gradients } = optimizer.differentiate(() => crossEntropy(network.forward(x), y));
 *   optimizer.step(gradients);
 *   return loss;
 * });
 */
export function compile<Inputs extends tf.Tensor[], Output extends StepOutputs>(
  step: CompilableStep<Inputs, Output>,
  { finite = false }: CompileOptions = {},
): CompiledStep<Inputs, Output> {
  const compiler = new Compiler(step as unknown as CompilableStep<tf.Tensor[], StepOutputs>, finite);
  const compiled = (...inputs: Inputs) => compiler.call(inputs) as Output;
  const scan = (...inputs: tf.Tensor[]) => compiler.scan(inputs) as Output;
  const programs = () => compiler.programs();
  return Object.assign(compiled, { scan, programs, dispose: () => compiler.dispose() });
}

class Compiler {
  private readonly backend: NativeBackend | undefined;
  private readonly runners = new RecentlyUsed<Runner>(GRAPHS_KEPT, (runner) => this.dropped(runner));
  private isDisposed = false;
  private hasWarned = false;
  private hasWarnedOfShapes = false;
  private returnsOne = true;

  constructor(
    private readonly step: CompilableStep<tf.Tensor[], StepOutputs>,
    private readonly finite: boolean,
  ) {
    const native = nativeBackend();
    const missing = native && missingMembers(native);
    if (missing?.length === 0) this.backend = native;
    else if (missing) this.fallBack(`this version of tfjs has no ${missing.join(", ")}`);
  }

  call(inputs: tf.Tensor[]): StepOutputs {
    const runner = this.runnerFor(inputs);
    if (runner === "eager") return this.packed(this.runEagerly(inputs, 0));
    return tf.tidy(() => {
      const outputs = this.run(
        runner,
        inputs.map((input) => input.expandDims()),
        1,
      );
      return this.packed(outputs.map((output) => output.squeeze([0])));
    });
  }

  scan(inputs: tf.Tensor[]): StepOutputs {
    const count = inputs[0]?.shape[0];
    if (!count || inputs.some(({ shape }) => shape[0] !== count)) {
      const shapes = inputs.map(({ shape }) => `[${shape}]`).join(", ");
      throw new Error(
        `the inputs of scan are ${shapes || "none"}, expected a common first axis of length 1 or more`,
      );
    }
    return tf.tidy(() => {
      const callInputs = (call: number) => inputs.map((input) => input.slice(call, 1).squeeze([0]));
      const runner = this.runnerFor(callInputs(0));
      if (runner !== "eager") return this.packed(this.run(runner, inputs, count));
      const outputs = Array.from({ length: count }, (_, call) => this.runEagerly(callInputs(call), call));
      return this.packed(outputs[0]!.map((_, i) => tf.stack(outputs.map((output) => output[i]!))));
    });
  }

  programs(): string {
    const executables = this.runners.values().flatMap((runner) => (runner === "eager" ? [] : [runner]));
    return executables.map(({ program }) => programText(program)).join("\n\n");
  }

  dispose(): void {
    this.isDisposed = true;
    this.runners.clear();
  }

  private dropped(runner: Runner): void {
    if (runner !== "eager") runner.dispose();
    if (this.isDisposed || this.hasWarnedOfShapes) return;
    const advice = "the least recently used one is compiled again when it returns";
    console.warn(`A compiled step has received inputs of more than ${GRAPHS_KEPT} shapes: ${advice}.`);
    this.hasWarnedOfShapes = true;
  }

  private run(runner: Executable, inputs: tf.Tensor[], count: number): tf.Tensor[] {
    const outputs = runner.run(inputs, count);
    if (this.finite) checkFinite(outputs[0]!.dataSync());
    return outputs;
  }

  private runEagerly(inputs: tf.Tensor[], call: number): tf.Tensor[] {
    if (!this.finite) return this.runStep(inputs);
    return withVariablesBack(({ keep }) => {
      const outputs = this.runStep(inputs);
      try {
        checkFinite(outputs[0]!.dataSync(), call);
      } catch (error) {
        tf.dispose(outputs);
        throw error;
      }
      keep();
      return outputs;
    });
  }

  /** Runs the step and clones its outputs, which may be inputs, variables or captured tensors. */
  private runStep(inputs: tf.Tensor[]): tf.Tensor[] {
    return tf.tidy(() => {
      const result = this.step(...inputs);
      this.returnsOne = !Array.isArray(result);
      return [result].flat().map((output) => output.clone());
    });
  }

  private packed(outputs: tf.Tensor[]): StepOutputs {
    return this.returnsOne ? outputs[0]! : outputs;
  }

  private runnerFor(inputs: tf.Tensor[]): Runner {
    if (!this.backend || this.isDisposed) return "eager";
    const shapes = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join();
    let runner = this.runners.get(shapes);
    if (!runner) {
      runner = this.compileFor(inputs, this.backend);
      this.runners.add(shapes, runner);
    }
    return runner;
  }

  private compileFor(inputs: tf.Tensor[], backend: NativeBackend): Runner {
    const traced = this.traceUntilSame(inputs, backend);
    if (typeof traced === "string") return this.fallBack(traced);
    try {
      // Loaded here because it loads TensorFlow's protobufs, which the other backends do not need.
      const { Executable } = require("./executable") as typeof import("./executable");
      return new Executable(backend, traced.program, traced.results, this.finite);
    } catch (error) {
      return this.fallBack(`TensorFlow rejects its graph: ${(error as Error).message}`);
    }
  }

  /** Traces the step until two consecutive runs agree, since the first may create tensors that the step keeps. */
  private traceUntilSame(inputs: tf.Tensor[], backend: NativeBackend): Traced | string {
    let [before, difference] = [this.trace(inputs, backend), ""];
    for (let again = 0; again < 2 && typeof before !== "string"; again++) {
      const traced = this.trace(inputs, backend);
      if (typeof traced === "string") return traced;
      const found = differenceOf(before.program, traced.program);
      if (found === undefined) return traced;
      [before, difference] = [traced, found];
    }
    return difference || (before as string);
  }

  /** Records one run of the step and restores the variables. @returns Its program, or the reason why there is none. */
  private trace(inputs: tf.Tensor[], backend: NativeBackend): Traced | string {
    const inputIds = backend.getInputTensorIds(inputs);
    const before = variableIds(backend);
    return withVariablesBack(() => {
      const recorded = record(
        backend,
        () => this.runStep(inputs),
        (outputs) => [...outputs, ...before.variables],
      );
      const { result: outputs, recording, ids } = recorded;
      const results = outputs.map(({ shape, dtype }) => ({ shape, dtype: TYPES[dtype] }));
      tf.dispose(outputs);
      const count = results.length;
      if (this.finite) checkScalar(outputs[0]);
      const program = programOf(recording, inputIds, ids.slice(0, count), before, ids.slice(count));
      return typeof program === "string" ? program : { program, results };
    });
  }

  private fallBack(why: string): Runner {
    if (!this.hasWarned) console.warn(`A step is not compiled and runs eagerly: ${why}.`);
    this.hasWarned = true;
    return "eager";
  }
}

/** Runs a function and restores the values of all variables, unless it calls `keep`. */
function withVariablesBack<T>(run: (how: { keep(): void }) => T): T {
  const variables = Object.values(tf.engine().state.registeredVariables);
  const values = variables.map((variable) => variable.clone());
  let isKept = false;
  const keep = () => {
    isKept = true;
  };
  return lastly(
    () => run({ keep }),
    () => {
      if (!isKept) for (const [i, variable] of variables.entries()) variable.assign(values[i]!);
      tf.dispose(values);
    },
  );
}

function checkScalar(output: tf.Tensor | undefined): void {
  if (output?.rank !== 0 || output.dtype !== "float32") {
    const got = output ? `${output.dtype} [${output.shape}]` : "missing";
    throw new Error(`the first output of a step is ${got}, expected a scalar, float32`);
  }
}

/** @param from The index of the call that returned the first value. */
function checkFinite(values: ArrayLike<number>, from = 0): void {
  const call = Array.prototype.findIndex.call(values, (value) => !Number.isFinite(value));
  if (call >= 0) throw new NotFiniteError(values[call]!, from + call);
}
