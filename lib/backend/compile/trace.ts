import * as tf from "@tensorflow/tfjs";
import { Graph } from "./graph";
import type { Program, Source } from "./program";
import type { NativeBackend } from "./recording";

/** A program that runs as one native call, as a graph in a session of its own. */
export class Trace {
  private readonly session: number;
  private readonly feedNames: string;
  private readonly fetchNames: string;
  private readonly captured: tf.DataId[];

  constructor(
    private readonly backend: NativeBackend,
    private readonly program: Program,
  ) {
    const { feeds, results, assigned } = program;
    this.session = graphOf(program, backend).load(backend.binding);
    this.feedNames = feeds.map(({ name }) => `${name}:0`).join(",");
    this.fetchNames = [...assigned.map(({ value }) => value), ...results].map(outputName).join(",");
    this.captured = feeds.flatMap(({ source }) => ("captured" in source ? [source.captured.dataId] : []));
    // A tensor that the step captured must live as long as its graph.
    for (const dataId of this.captured) tf.backend().incRef(dataId);
  }

  /**
   * Runs it: assigns the variables and returns the results.
   *
   * @throws Error for a variable that was disposed of, by its name; nothing has changed then.
   */
  run(inputs: tf.Tensor[]): tf.Tensor[] {
    const { binding } = this.backend;
    const ids = this.backend.getInputTensorIds(
      this.program.feeds.map(({ source }) => fedValue(source, inputs)),
    );
    const outputs = binding
      .runSavedModel(this.session, ids, this.feedNames, this.fetchNames)
      .map((metadata) => this.backend.createOutputTensor(metadata));
    for (const { variable } of this.program.assigned) {
      const value = outputs.shift()!;
      variable.assign(value);
      value.dispose();
    }
    return outputs;
  }

  dispose(): void {
    this.backend.binding.deleteSavedModel(this.session);
    for (const dataId of this.captured) tf.backend().disposeData(dataId);
  }
}

function fedValue(source: Source, inputs: tf.Tensor[]): tf.TensorInfo {
  if ("input" in source) return inputs[source.input]!;
  if ("captured" in source) return source.captured;
  if (source.variable.isDisposed) {
    throw new Error(`the variable "${source.variable.name}" of a compiled step was disposed of`);
  }
  return source.variable;
}

function graphOf(program: Program, { binding }: NativeBackend): Graph {
  const types: Record<string, number> = {
    float32: binding.TF_FLOAT,
    int32: binding.TF_INT32,
    bool: binding.TF_BOOL,
  };
  const graph = new Graph();
  for (const { name, shape, dtype } of program.feeds) {
    graph.placeholder({ name, shape, dtype: types[dtype]! });
  }
  for (const { name, constant } of program.constants) graph.constant(name, constant);
  for (const { name, operation, inputs } of program.operations) {
    graph.operation(name, operation, inputs, binding);
  }
  return graph;
}

function outputName(name: string): string {
  return name.includes(":") ? name : `${name}:0`;
}
