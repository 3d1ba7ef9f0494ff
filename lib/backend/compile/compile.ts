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

/** What runs for inputs of one shape: a graph, or the step as it is. */
type Runner = Trace | "as it is";

/**
 * Makes one native call of a step: a function of tensors that computes and assigns variables, such as a training step.
 *
 * At the first call with inputs of a shape the step is run twice and recorded, and the variables are set back; where
 * it asked TensorFlow for the same both times, that runs as one graph, at this call and all later ones. Variables are
 * read before and assigned after each call, so they may be read and assigned between calls. A graph rounds otherwise
 * than its operations one by one, in the last bit, where TensorFlow simplifies it.
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
  private readonly runners = new Map<string, Runner>();
  private isDisposed = false;
  private hasWarned = false;
  private returnsOne = true;

  constructor(
    private readonly step: Step<tf.Tensor[], Outputs>,
    private readonly backend: NativeBackend,
  ) {}

  call(inputs: tf.Tensor[]): Outputs {
    const runner = this.isDisposed ? "as it is" : this.runnerFor(inputs);
    if (runner === "as it is") return tf.tidy(() => this.step(...inputs));
    const outputs = runner.run(inputs);
    return this.returnsOne ? outputs[0]! : outputs;
  }

  dispose(): void {
    for (const runner of this.runners.values()) if (runner !== "as it is") runner.dispose();
    this.runners.clear();
    this.isDisposed = true;
  }

  private runnerFor(inputs: tf.Tensor[]): Runner {
    const shapes = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join();
    let runner = this.runners.get(shapes);
    if (!runner) {
      runner = this.compileFor(inputs);
      this.runners.set(shapes, runner);
    }
    return runner;
  }

  private compileFor(inputs: tf.Tensor[]): Runner {
    const program = this.rehearse(inputs);
    if (typeof program === "string") return this.giveUp(program);
    const again = this.rehearse(inputs);
    const difference = typeof again === "string" ? again : differenceOf(program, again);
    if (difference) return this.giveUp(difference);
    try {
      return new Trace(this.backend, program);
    } catch (error) {
      return this.giveUp(`TensorFlow refuses it as a graph, ${(error as Error).message}`);
    }
  }

  /** Runs the step and sets the variables back; what it did is a program, or in words why it is none. */
  private rehearse(inputs: tf.Tensor[]): Program | string {
    const { backend } = this;
    const inputIds = backend.getInputTensorIds(inputs);
    const before = variableIds(backend);
    const values = before.variables.map((variable) => variable.clone());
    try {
      const { result, recording, ids } = record(
        backend,
        () => tf.tidy(() => this.step(...inputs)),
        (outputs) => [...[outputs].flat(), ...before.variables],
      );
      const count = [result].flat().length;
      this.returnsOne = !Array.isArray(result);
      tf.dispose(result);
      return programOf(recording, inputIds, ids.slice(0, count), before, ids.slice(count));
    } finally {
      for (const [i, variable] of before.variables.entries()) variable.assign(values[i]!);
      tf.dispose(values);
    }
  }

  private giveUp(why: string): Runner {
    if (!this.hasWarned) console.warn(`A step is not compiled and runs as it is: ${why}.`);
    this.hasWarned = true;
    return "as it is";
  }
}
