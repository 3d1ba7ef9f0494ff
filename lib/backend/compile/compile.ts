import * as tf from "@tensorflow/tfjs";
import { lastly } from "../cut-off";
import { types } from "./data-types";
import type { Executable } from "./executable";
import type { Kind } from "./loop";
import { differenceOf, type Program, programOf, variableIds } from "./program";
import { programText } from "./program-text";
import { RecentlyUsed } from "./recently-used";
import { missingMembers, type NativeBackend, nativeBackend, record } from "./recording";

/** What a step returns: one tensor or several. */
export type StepOutputs = tf.Tensor | tf.Tensor[];

/** A function of tensors that can be compiled. */
export type CompilableStep<Inputs extends tf.Tensor[], Output extends StepOutputs> = (
  ...inputs: Inputs
) => Output;

/** A step that runs as one native call. */
export type CompiledStep<Inputs extends tf.Tensor[], Output extends StepOutputs> = CompilableStep<
  Inputs,
  Output
> & {
  /**
   * Runs it several times in one native call: `jax.lax.scan`, with variables for the carry.
   *
   * @param inputs Each call's inputs, along a first axis.
   * @returns Each call's outputs, along a first axis.
   */
  scan(...inputs: tf.Tensor[]): Output;
  /**
   * The traced program of each input shape that it has been called with, one operation a line; empty where it runs
   * eagerly.
   */
  programs(): string;
  /** Frees its graphs; it then runs eagerly. */
  dispose(): void;
};

/** Options of `compile`. */
export interface CompileOptions {
  /**
   * Whether the first output, a scalar such as the loss, must be finite: where it is not, the call assigns nothing,
   * and throws. Default: false.
   */
  finite?: boolean;
}

/** Thrown where the first output of a step is not finite. */
export class NotFiniteError extends Error {
  override name = "NotFiniteError";

  /**
   * @param value The output.
   * @param call Which of several calls gave it, from 0; those before it have assigned their variables.
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

/** Runs a step for inputs of one shape: a graph, or the step itself. */
type Runner = Executable | "eager";

/**
 * How many input shapes a compiled step keeps graphs for. An epoch has two for each of its loaders, a whole batch and
 * the last one, and a graph takes some 0.4 to 2 MB besides a copy of the variables that it assigns.
 */
export const GRAPHS_KEPT = 16;

/**
 * Makes one native call of a step: a function of tensors that computes and assigns variables, such as a training step.
 *
 * At the first call with inputs of a shape the step is run twice and recorded, and the variables are set back; where
 * it asked TensorFlow for the same both times, or at a third time for the same as at the second, that runs as one
 * graph, at this call and all later ones. The variables that it assigns stay in the graph's memory; whoever reads one
 * gets its present value, and external assignments take effect at the next call. A graph may round otherwise than its
 * operations one by one, in the last bit, where TensorFlow makes a product of a division by a constant.
 *
 * What changes from call to call must be an input or a variable. A step that makes other numbers at each call, reads
 * the numbers of a tensor, or does what a graph cannot, runs eagerly, operation by operation, and says why once. On
 * another backend than TensorFlow's every step runs eagerly.
 *
 * Graphs are kept for the last 16 shapes of inputs. A graph takes 0.4 to 2 MB and a copy of the variables that it
 * assigns; making one takes about 0.1 s, so inputs should be padded to a few shapes where there are many. When a 17th
 * shape comes, the graph that was not used for longest is freed, after which its variables still have their values;
 * it is made anew if its shape returns. The first time, a warning says so.
 *
 * @param step Takes tensors and returns one or several, which the caller gets as tensors of its own to dispose of. It
 *   is run in a `tf.tidy`: what it keeps with `tf.keep`, it has to dispose of itself.
 * @throws NotFiniteError where the first output has to be finite and is not, at the call.
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
        `the inputs of several calls are ${shapes || "none"}, expected one first axis, of 1 or more`,
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
    const advice = "one that is not among the last of them is compiled anew when it returns";
    console.warn(`A compiled step has got inputs of more than ${GRAPHS_KEPT} shapes: ${advice}.`);
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

  /** The step's outputs as tensors of their own, also where it returns an input, a variable, or what it keeps. */
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
      // Loaded here, with TensorFlow's protobufs, which the other backends do without.
      const { Executable } = require("./executable") as typeof import("./executable");
      return new Executable(backend, traced.program, traced.results, this.finite);
    } catch (error) {
      return this.fallBack(`TensorFlow refuses it as a graph, ${(error as Error).message}`);
    }
  }

  /** Traces until two runs of the step agree: the first one may make tensors that the step keeps. */
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

  /** Runs the step and sets the variables back. @returns Its program, or why there is none. */
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
      const results = outputs.map(({ shape, dtype }) => ({ shape, dtype: types[dtype] }));
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

/** Runs a function and gives all variables the values that they had before, unless it asks to keep the new ones. */
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

/** @param from The call of the first value. */
function checkFinite(values: ArrayLike<number>, from = 0): void {
  const call = Array.prototype.findIndex.call(values, (value) => !Number.isFinite(value));
  if (call >= 0) throw new NotFiniteError(values[call]!, from + call);
}
