import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import type { Constant, Operation } from "./recording";

const proto = require("@tensorflow/tfjs-node-gpu/dist/proto/api_pb");

/** The version of TensorFlow's graphs that TensorFlow 2.21 writes. */
const PRODUCER = 2400;
const TAG = "serve";

/** Something whose value is given with each run of a graph. */
export interface Feed {
  name: string;
  shape: number[];
  dtype: number;
}

/** A graph as TensorFlow's GraphDef, built node by node. */
export class Graph {
  private readonly definition = new proto.GraphDef();

  placeholder({ name, shape, dtype }: Feed): void {
    this.node(name, "Placeholder", [], { dtype: typeValue(dtype), shape: shapeValue(shape) });
  }

  constant(name: string, { shape, dtype, bytes }: Constant): void {
    const tensor = new proto.Tensor();
    tensor.setDtype(dtype);
    tensor.setTensorShape(shapeOf(shape));
    tensor.setTensorContent(bytes);
    const value = new proto.AttrValue();
    value.setTensor(tensor);
    this.node(name, "Const", [], { dtype: typeValue(dtype), value });
  }

  operation(name: string, { op, attributes }: Operation, inputs: string[], binding: TFJSBinding): void {
    const values = attributes.map((attribute) => [attribute.name, attributeValue(attribute, binding)]);
    this.node(name, op, inputs, Object.fromEntries(values));
  }

  /** Loads the graph into a session of its own and returns the session's number. */
  load(binding: TFJSBinding): number {
    const folder = mkdtempSync(join(tmpdir(), "graph-"));
    try {
      writeFileSync(join(folder, "saved_model.pb"), this.savedModel());
      return binding.loadSavedModel(folder, TAG);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private node(name: string, op: string, inputs: string[], attributes: Record<string, unknown>): void {
    const node = new proto.NodeDef();
    node.setName(name);
    node.setOp(op);
    node.setInputList(inputs);
    const map = node.getAttrMap();
    for (const [key, value] of Object.entries(attributes)) map.set(key, value);
    this.definition.addNode(node);
  }

  private savedModel(): Uint8Array {
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

function typeValue(dtype: number): unknown {
  const value = new proto.AttrValue();
  value.setType(dtype);
  return value;
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

function shapeValue(shape: number[]): unknown {
  const value = new proto.AttrValue();
  value.setShape(shapeOf(shape));
  return value;
}

/** An attribute as the graph holds it; a list where the binding was given an array. */
function attributeValue({ type, value }: TFEOpAttr, binding: TFJSBinding): unknown {
  if (type === binding.TF_ATTR_SHAPE) return shapeValue(value as number[]);
  const kinds: Record<number, string> = {
    [binding.TF_ATTR_STRING]: "S",
    [binding.TF_ATTR_INT]: "I",
    [binding.TF_ATTR_FLOAT]: "F",
    [binding.TF_ATTR_BOOL]: "B",
    [binding.TF_ATTR_TYPE]: "Type",
  };
  const kind = kinds[type];
  if (!kind) throw new Error(`an attribute of type ${type} has no place in a graph`);
  const encode = (one: unknown) => (kind === "S" ? Buffer.from(one as string).toString("base64") : one);
  const result = new proto.AttrValue();
  if (Array.isArray(value)) {
    const list = new proto.AttrValue.ListValue();
    for (const one of value) list[`add${kind}`](encode(one));
    result.setList(list);
  } else result[`set${kind}`](encode(value));
  return result;
}
