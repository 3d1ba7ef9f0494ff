import * as tf from "@tensorflow/tfjs";
import { differenceOf, type Program, programOf, variableIds } from "./program";
import { type NativeBackend, nativeBackend, record } from "./recording";
import { Trace } from "./trace";

type Outputs = tf.Tensor | tf.Tensor[];
type Step<Inputs extends tf.Tensor[], Output extends Outputs> = (...inputs: Inputs) => Output;

/** A step that runs as one native call. */
export type CompiledStep<Inputs extends tf.Tensor[], Output extends Outputs> = Step<Inputs, Output> & {
  /** Frees its graphs; it then runs as it is. */
  dispose(): void;
};

/** How far inputs of one shape have come: seen once, compiled, or never to be. */
type State = { program: Program } | { trace: Trace } | "runs as it is";

/**
 * Makes one native call of a step: a function of tensors that computes and assigns variables, such as a training step.
 *
 * The first two calls with inputs of a shape run as they are and are recorded; where both asked TensorFlow for the
 * same, later calls run that as one graph. Variables are read before and assigned after each call, so they may be
 * read and assigned between calls.
 *
 * What changes from call to call must be an input or a variable. A step that makes other numbers at each call, reads
 * the numbers of a tensor, or does what a graph cannot, runs as it is, and says why once. On another backend than
 * TensorFlow's every step runs as it is.
 *
 * @param step Takes tensors and returns one or several; the caller disposes of them. It is run in a `tf.tidy`.
 * @example
 * const step = compile((x: tf.Tensor2D, y: tf.Tensor1D) => {
 *   const { loss, gradients } = optimizer.differentiate(() => crossEntropy(network.forward(x), y));
 *   optimizer.apply(gradients);
 *   return loss;
 * });
 */
export function compile<Inputs extends tf.Tensor[], Output extends Outputs>(
  step: Step<Inputs, Output>,
): CompiledStep<Inputs, Output> {
  const backend = nativeBackend();
  if (!backend) {
    const tidied = (...inputs: Inputs) => tf.tidy(() => step(...inputs));
    return Object.assign(tidied, { dispose() {} });
  }
  const compiler = new Compiler(step as unknown as Step<tf.Tensor[], Outputs>, backend);
  const compiled = (...inputs: Inputs) => compiler.call(inputs) as Output;
  return Object.assign(compiled, { dispose: () => compiler.dispose() });
}

class Compiler {
  private readonly states = new Map<string, State>();
  private isDisposed = false;
  private hasWarned = false;
  private returnsOne = true;

  constructor(
    private readonly step: Step<tf.Tensor[], Outputs>,
    private readonly backend: NativeBackend,
  ) {}

  call(inputs: tf.Tensor[]): Outputs {
    const shapes = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join();
    const state = this.states.get(shapes);
    if (state === "runs as it is" || this.isDisposed) return tf.tidy(() => this.step(...inputs));
    if (state && "trace" in state) {
      const outputs = state.trace.run(inputs);
      return this.returnsOne ? outputs[0]! : outputs;
    }
    const { outputs, program } = this.runRecorded(inputs);
    this.states.set(shapes, this.next(state?.program, program));
    return outputs;
  }

  dispose(): void {
    for (const state of this.states.values()) {
      if (state !== "runs as it is" && "trace" in state) state.trace.dispose();
    }
    this.states.clear();
    this.isDisposed = true;
  }

  /** Runs the step as it is; what it did is a program, or the reason why it is none. */
  private runRecorded(inputs: tf.Tensor[]): { outputs: Outputs; program: Program | string } {
    const { backend } = this;
    const inputIds = backend.getInputTensorIds(inputs);
    const before = variableIds(backend);
    const { result, recording, ids } = record(
      backend,
      () => tf.tidy(() => this.step(...inputs)),
      (outputs) => [...[outputs].flat(), ...before.variables],
    );
    this.returnsOne = !Array.isArray(result);
    const count = [result].flat().length;
    const program = programOf(recording, inputIds, ids.slice(0, count), before, ids.slice(count));
    return { outputs: result, program };
  }

  private next(earlier: Program | undefined, program: Program | string): State {
    if (typeof program === "string") return this.giveUp(program);
    if (!earlier) return { program };
    const difference = differenceOf(earlier, program);
    if (difference) return this.giveUp(difference);
    try {
      return { trace: new Trace(this.backend, program) };
    } catch (error) {
      return this.giveUp(`TensorFlow refuses it as a graph, ${(error as Error).message}`);
    }
  }

  private giveUp(why: string): State {
    if (!this.hasWarned) console.warn(`A step is not compiled and runs as it is: ${why}.`);
    this.hasWarned = true;
    return "runs as it is";
  }
}
