import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { TYPES } from "./data-types";
import type { Constant } from "./recording";

const proto = require("@tensorflow/tfjs-node-gpu/dist/proto/api_pb");

/** The version of the graph format that TensorFlow 2.21 writes. */
const PRODUCER = 2400;
/** The tag under which TensorFlow finds the graph in a saved model. */
export const TAG = "serve";

/** An attribute of a node, an `AttrValue` protobuf. */
export type Attribute = unknown;

/** Builds a TensorFlow GraphDef node by node; a node's first output has the node's name. */
export class Graph {
  private readonly definition = new proto.GraphDef();

  /**
   * Adds a node and returns its name.
   *
   * @param inputs The names of values; `^name` is a control input, a node that must run first.
   */
  add(name: string, op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    const node = new proto.NodeDef();
    node.setName(name);
    node.setOp(op);
    node.setInputList(inputs);
    const map = node.getAttrMap();
    for (const [key, value] of Object.entries(attributes)) map.set(key, value);
    this.definition.addNode(node);
    return name;
  }

  placeholder(name: string, dtype: number, shape: number[]): string {
    return this.add(name, "Placeholder", [], { dtype: typeAttribute(dtype), shape: shapeAttribute(shape) });
  }

  constant(name: string, { shape, dtype, bytes }: Constant): string {
    const tensor = new proto.Tensor();
    tensor.setDtype(dtype);
    tensor.setTensorShape(shapeOf(shape));
    tensor.setTensorContent(bytes);
    const value = new proto.AttrValue();
    value.setTensor(tensor);
    return this.add(name, "Const", [], { dtype: typeAttribute(dtype), value });
  }

  integers(name: string, values: number | number[]): string {
    const array = Int32Array.from([values].flat());
    const shape = typeof values === "number" ? [] : [array.length];
    return this.constant(name, { shape, dtype: TYPES.int32, bytes: new Uint8Array(array.buffer) });
  }

  /** The graph in the format in which TensorFlow loads one. */
  savedModel(): Uint8Array {
    const versions = new proto.VersionDef();
    versions.setProducer(PRODUCER);
    this.definition.setVersions(versions);
    const info = new proto.MetaGraphDef.MetaInfoDef();
    info.addTags(TAG);
    const meta = new proto.MetaGraphDef();
    meta.setMetaInfoDef(info);
    meta.setGraphDef(this.definition);
    const model = new proto.SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(meta);
    return model.serializeBinary();
  }
}

export function typeAttribute(dtype: number): Attribute {
  return attribute("Type", dtype);
}

export function shapeAttribute(shape: number[]): Attribute {
  return attribute("Shape", shapeOf(shape));
}

export function integerAttribute(value: number): Attribute {
  return attribute("I", value);
}

export function booleanAttribute(value: boolean): Attribute {
  return attribute("B", value);
}

export function textAttribute(value: string): Attribute {
  return attribute("S", encoded(value));
}

/** Converts an attribute of a recorded operation; an array becomes a list. */
export function recordedAttribute({ type, value }: TFEOpAttr, binding: TFJSBinding): Attribute {
  if (type === binding.TF_ATTR_SHAPE) return shapeAttribute(value as number[]);
  const kinds: Record<number, string> = {
    [binding.TF_ATTR_STRING]: "S",
    [binding.TF_ATTR_INT]: "I",
    [binding.TF_ATTR_FLOAT]: "F",
    [binding.TF_ATTR_BOOL]: "B",
    [binding.TF_ATTR_TYPE]: "Type",
  };
  const kind = kinds[type];
  if (!kind) throw new Error(`attributes of type ${type} are not supported in a graph`);
  const single = (one: unknown) => (kind === "S" ? encoded(one as string) : one);
  if (!Array.isArray(value)) return attribute(kind, single(value));
  const list = new proto.AttrValue.ListValue();
  for (const one of value) list[`add${kind}`](single(one));
  return attribute("List", list);
}

function attribute(kind: string, value: unknown): Attribute {
  const result = new proto.AttrValue();
  result[`set${kind}`](value);
  return result;
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

function shapeOf(shape: number[]): unknown {
  const result = new proto.TensorShape();
  for (const length of shape) {
    const dim = new proto.TensorShape.Dim();
    dim.setSize(length);
    result.addDim(dim);
  }
  return result;
}
