import * as tf from "@tensorflow/tfjs";
import { lastly } from "../cut-off";
import { types } from "./graph";
import type { Kind } from "./loop";
import { differenceOf, type Program, programOf, variableIds } from "./program";
import { RecentlyUsed } from "./recently-used";
import { type NativeBackend, nativeBackend, record } from "./recording";
import { Trace } from "./trace";

type Outputs = tf.Tensor | tf.Tensor[];
type Step<Inputs extends tf.Tensor[], Output extends Outputs> = (...inputs: Inputs) => Output;

/** A step that runs as one native call. */
export type CompiledStep<Inputs extends tf.Tensor[], Output extends Outputs> = Step<Inputs, Output> & {
  /**
   * Runs it several times in one native call: `jax.lax.scan`, with variables for the carry.
   *
   * @param inputs Each call's inputs, along a first axis.
   * @returns Each call's outputs, along a first axis.
   */
  scan(...inputs: tf.Tensor[]): Output;
  /** Frees its graphs; it then runs as it is. */
  dispose(): void;
};

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

/** What a rehearsal found. */
interface Rehearsal {
  program: Program;
  results: Kind[];
}

/** What runs for inputs of one shape: a graph, or the step as it is. */
type Runner = Trace | "as it is";

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
 * gets its present value, and whoever assigns one is heard at the next call. A graph may round otherwise than its
 * operations one by one, in the last bit, where TensorFlow makes a product of a division by a constant.
 *
 * What changes from call to call must be an input or a variable. A step that makes other numbers at each call, reads
 * the numbers of a tensor, or does what a graph cannot, runs as it is, and says why once. On another backend than
 * TensorFlow's every step runs as it is.
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
 * const step = compile((x: tf.Tensor2D, y: tf.Tensor1D, scalars: tf.Tensor1D) => {
 *   const { loss, gradients } = optimizer.differentiate(() => crossEntropy(network.forward(x), y));
 *   optimizer.apply(gradients, scalars);
 *   return loss;
 * });
 */
export function compile<Inputs extends tf.Tensor[], Output extends Outputs>(
  step: Step<Inputs, Output>,
  { finite = false }: CompileOptions = {},
): CompiledStep<Inputs, Output> {
  const compiler = new Compiler(step as unknown as Step<tf.Tensor[], Outputs>, finite);
  const compiled = (...inputs: Inputs) => compiler.call(inputs) as Output;
  const scan = (...inputs: tf.Tensor[]) => compiler.scan(inputs) as Output;
  return Object.assign(compiled, { scan, dispose: () => compiler.dispose() });
}

class Compiler {
  private readonly backend = nativeBackend();
  private readonly runners = new RecentlyUsed<Runner>(GRAPHS_KEPT, (runner) => this.dropped(runner));
  private isDisposed = false;
  private hasWarned = false;
  private hasWarnedOfShapes = false;
  private returnsOne = true;

  constructor(
    private readonly step: Step<tf.Tensor[], Outputs>,
    private readonly finite: boolean,
  ) {}

  call(inputs: tf.Tensor[]): Outputs {
    const runner = this.runnerFor(inputs);
    if (runner === "as it is") return this.packed(this.runAsItIs(inputs, 0));
    return tf.tidy(() => {
      const outputs = this.run(
        runner,
        inputs.map((input) => input.expandDims()),
        1,
      );
      return this.packed(outputs.map((output) => output.squeeze([0])));
    });
  }

  scan(inputs: tf.Tensor[]): Outputs {
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
      if (runner !== "as it is") return this.packed(this.run(runner, inputs, count));
      const outputs = Array.from({ length: count }, (_, call) => this.runAsItIs(callInputs(call), call));
      return this.packed(outputs[0]!.map((_, i) => tf.stack(outputs.map((output) => output[i]!))));
    });
  }

  dispose(): void {
    this.isDisposed = true;
    this.runners.clear();
  }

  private dropped(runner: Runner): void {
    if (runner !== "as it is") runner.dispose();
    if (this.isDisposed || this.hasWarnedOfShapes) return;
    const advice = "one that is not among the last of them is compiled anew when it returns";
    console.warn(`A compiled step has got inputs of more than ${GRAPHS_KEPT} shapes: ${advice}.`);
    this.hasWarnedOfShapes = true;
  }

  private run(runner: Trace, inputs: tf.Tensor[], count: number): tf.Tensor[] {
    const outputs = runner.run(inputs, count);
    if (this.finite) checkFinite(outputs[0]!.dataSync());
    return outputs;
  }

  private runAsItIs(inputs: tf.Tensor[], call: number): tf.Tensor[] {
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

  private packed(outputs: tf.Tensor[]): Outputs {
    return this.returnsOne ? outputs[0]! : outputs;
  }

  private runnerFor(inputs: tf.Tensor[]): Runner {
    if (!this.backend || this.isDisposed) return "as it is";
    const shapes = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join();
    let runner = this.runners.get(shapes);
    if (!runner) {
      runner = this.compileFor(inputs, this.backend);
      this.runners.add(shapes, runner);
    }
    return runner;
  }

  private compileFor(inputs: tf.Tensor[], backend: NativeBackend): Runner {
    const rehearsal = this.rehearseUntilSame(inputs, backend);
    if (typeof rehearsal === "string") return this.giveUp(rehearsal);
    try {
      return new Trace(backend, rehearsal.program, rehearsal.results, this.finite);
    } catch (error) {
      return this.giveUp(`TensorFlow refuses it as a graph, ${(error as Error).message}`);
    }
  }

  /** Rehearses until the step does the same as the time before; the first time it may make what it keeps. */
  private rehearseUntilSame(inputs: tf.Tensor[], backend: NativeBackend): Rehearsal | string {
    let [before, difference] = [this.rehearse(inputs, backend), ""];
    for (let again = 0; again < 2 && typeof before !== "string"; again++) {
      const rehearsal = this.rehearse(inputs, backend);
      if (typeof rehearsal === "string") return rehearsal;
      const found = differenceOf(before.program, rehearsal.program);
      if (found === undefined) return rehearsal;
      [before, difference] = [rehearsal, found];
    }
    return difference || (before as string);
  }

  /** Runs the step and sets the variables back; what it did is a program, or in words why it is none. */
  private rehearse(inputs: tf.Tensor[], backend: NativeBackend): Rehearsal | string {
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

  private giveUp(why: string): Runner {
    if (!this.hasWarned) console.warn(`A step is not compiled and runs as it is: ${why}.`);
    this.hasWarned = true;
    return "as it is";
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
