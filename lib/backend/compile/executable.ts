import * as tf from "@tensorflow/tfjs";
import { variableNames } from "./assigned-variables";
import { TYPES } from "./data-types";
import { type Kind, loopOf, names } from "./loop";
import type { Program, Source } from "./program";
import type { NativeBackend } from "./recording";
import { prepareForSessionVariables, SessionVariable } from "./session-variable";
import { closeSession, openSession, type Session } from "./sessions";

/** A program in its own session, which holds the variables that it assigns and runs it many times per native call. */
export class Executable {
  private readonly session: Session;
  private readonly sessionVariables: SessionVariable[];
  private readonly feedNames: string;
  private readonly resultNames: string;
  /** The tensors that the step captured, which must live as long as its graph. */
  private readonly captured: tf.Tensor[];
  /** Whether the value of a variable has been fetched since the last run. */
  private hasFetched = false;

  constructor(
    private readonly backend: NativeBackend,
    readonly program: Program,
    results: Kind[],
    finite: boolean,
  ) {
    const { feeds, assigned } = program;
    this.session = openSession(loopOf(program, backend.binding, { results, finite }), backend.binding);
    prepareForSessionVariables(backend);
    this.sessionVariables = assigned.map(
      ({ variable }, i) =>
        new SessionVariable(backend, variable, TYPES[variable.dtype], () => this.fetchVariable(i)),
    );
    const fed = feeds.map(({ name, source }) => ("input" in source ? names.input(name) : name));
    this.feedNames = [names.count, ...fed].map(outputName).join(",");
    this.resultNames = results.map((_, i) => outputName(names.result(i))).join(",");
    this.captured = feeds.flatMap(({ source }) => ("captured" in source ? [shared(source.captured)] : []));
  }

  /**
   * Runs the program once for each entry along the first axis of the inputs, and assigns its variables.
   *
   * @param count The length of the inputs' first axis.
   * @returns The results of all iterations, stacked along a first axis.
   * @throws Error that names a variable which was disposed of; nothing has changed then.
   */
  run(inputs: tf.Tensor[], count: number): tf.Tensor[] {
    const { backend, sessionVariables } = this;
    for (const { variable } of sessionVariables) checkAlive(variable);
    const iterations = tf.scalar(count, "int32");
    const ids = backend.getInputTensorIds([
      iterations,
      ...this.program.feeds.map(({ source }) => fedValue(source, inputs)),
    ]);
    for (const variable of sessionVariables) variable.release();
    this.assignChanged();
    this.hasFetched = false;
    try {
      return this.fetch(ids, this.feedNames, this.resultNames).map((metadata) =>
        backend.createOutputTensor(metadata),
      );
    } finally {
      for (const variable of sessionVariables) variable.settle();
      iterations.dispose();
    }
  }

  dispose(): void {
    this.fetchWanted();
    const bytes = this.sessionVariables.reduce((sum, { bytes }) => sum + bytes, 0);
    closeSession(this.session, this.backend.binding, bytes);
    tf.dispose(this.captured);
  }

  /** Copies into the session the variables that were assigned outside it. */
  private assignChanged(): void {
    const { backend, sessionVariables } = this;
    const changed = [...sessionVariables.keys()].filter((i) => !sessionVariables[i]!.isCurrent);
    if (changed.length === 0) return;
    const ids = backend.getInputTensorIds(changed.map((i) => sessionVariables[i]!.variable));
    const list = (name: (i: number) => string) => changed.map((i) => outputName(name(i))).join(",");
    for (const { id } of this.fetch(ids, list(variableNames.newValue), list(variableNames.assign))) {
      backend.binding.deleteTensor(id);
    }
  }

  /**
   * Fetches the value of a variable, or those of all at the second fetch since the last run: TensorFlow optimizes the
   * graph anew for each set of values that is fetched from it, which takes up to 30 ms.
   */
  private fetchVariable(position: number): void {
    if (this.hasFetched) {
      this.fetchWanted();
      return;
    }
    this.hasFetched = true;
    const [value] = this.fetch([], "", outputName(variableNames.value(position)));
    this.sessionVariables[position]!.give(value!.id);
  }

  /** Fetches the values of the variables that a tensor still refers to, in one call. */
  private fetchWanted(): void {
    const { backend, sessionVariables } = this;
    if (!sessionVariables.some(({ isWanted }) => isWanted)) return;
    const all = sessionVariables.map((_, i) => outputName(variableNames.value(i))).join(",");
    for (const [i, { id }] of this.fetch([], "", all).entries()) {
      const variable = sessionVariables[i]!;
      if (variable.isWanted) variable.give(id);
      else backend.binding.deleteTensor(id);
    }
  }

  private fetch(ids: number[], feeds: string, fetches: string) {
    return this.backend.binding.runSavedModel(this.session.id, ids, feeds, fetches);
  }
}

/** A tensor that shares the data and that no `tidy` frees. */
function shared(tensor: tf.TensorInfo): tf.Tensor {
  tf.backend().incRef(tensor.dataId);
  return tf.keep(tf.engine().makeTensorFromTensorInfo(tensor));
}

function fedValue(source: Source, inputs: tf.Tensor[]): tf.TensorInfo {
  if ("input" in source) return inputs[source.input]!;
  if ("captured" in source) return source.captured;
  checkAlive(source.variable);
  return source.variable;
}

function checkAlive({ name, isDisposed }: tf.Variable): void {
  if (isDisposed) throw new Error(`the variable "${name}" of a compiled step was disposed of`);
}

function outputName(name: string): string {
  return `${name}:0`;
}
