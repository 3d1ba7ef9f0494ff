import * as tf from "@tensorflow/tfjs";
import { types } from "./graph";
import { variableNames } from "./kept-variables";
import { type Kind, loopOf, names } from "./loop";
import type { Program, Source } from "./program";
import type { NativeBackend } from "./recording";
import { prepareForResidents, Resident } from "./resident";

/** A program that runs in a session of its own, many times in one native call, with the variables that it assigns. */
export class Trace {
  private readonly session: number;
  private readonly residents: Resident[];
  private readonly feedNames: string;
  private readonly resultNames: string;
  /** The tensors that the step captured, which must live as long as its graph. */
  private readonly captured: tf.Tensor[];

  constructor(
    private readonly backend: NativeBackend,
    private readonly program: Program,
    results: Kind[],
    finite: boolean,
  ) {
    const { feeds, kept } = program;
    this.session = loopOf(program, backend.binding, { results, finite }).load(backend.binding);
    prepareForResidents(backend);
    this.residents = kept.map(
      ({ variable }, i) =>
        new Resident(
          backend,
          variable,
          types[variable.dtype],
          () => this.fetch([], "", variableNames.value(i))[0]!.id,
        ),
    );
    const fed = feeds.map(({ name, source }) => ("input" in source ? names.input(name) : name));
    this.feedNames = [names.count, ...fed].map(outputName).join(",");
    this.resultNames = results.map((_, i) => outputName(names.result(i))).join(",");
    this.captured = feeds.flatMap(({ source }) => ("captured" in source ? [shared(source.captured)] : []));
  }

  /**
   * Runs it for each entry of the inputs along their first axis: assigns the variables and returns the results, along
   * a first axis.
   *
   * @throws Error for a variable that was disposed of, by its name; nothing has changed then.
   */
  run(inputs: tf.Tensor[], count: number): tf.Tensor[] {
    const { backend, residents } = this;
    for (const { variable } of residents) checkAlive(variable);
    const turns = tf.scalar(count, "int32");
    const ids = backend.getInputTensorIds([
      turns,
      ...this.program.feeds.map(({ source }) => fedValue(source, inputs)),
    ]);
    for (const resident of residents) resident.release();
    this.assignChanged();
    try {
      return this.fetch(ids, this.feedNames, this.resultNames).map((metadata) =>
        backend.createOutputTensor(metadata),
      );
    } finally {
      for (const resident of residents) resident.settle();
      turns.dispose();
    }
  }

  dispose(): void {
    for (const resident of this.residents) resident.end();
    this.backend.binding.deleteSavedModel(this.session);
    tf.dispose(this.captured);
  }

  /** Gives the session the variables that others have assigned. */
  private assignChanged(): void {
    const { backend, residents } = this;
    const changed = [...residents.keys()].filter((i) => !residents[i]!.isCurrent);
    if (changed.length === 0) return;
    const ids = backend.getInputTensorIds(changed.map((i) => residents[i]!.variable));
    const list = (name: (i: number) => string) => changed.map((i) => outputName(name(i))).join(",");
    for (const { id } of this.fetch(ids, list(variableNames.newValue), list(variableNames.assign))) {
      backend.binding.deleteTensor(id);
    }
  }

  private fetch(ids: number[], feeds: string, fetches: string) {
    return this.backend.binding.runSavedModel(this.session, ids, feeds, fetches);
  }
}

/** A tensor of the same data that no `tidy` frees. */
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
