import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { nativeBinding } from "../backend/native";
import type { Dense } from "./operand";

/** TensorFlow's number for float64, which the binding handles but does not name. */
const TF_DOUBLE = 2;

/**
 * Runs one of TensorFlow's operations on matrices, in float32 or float64 as the matrices are; undefined where the
 * backend is not native.
 *
 * Float64 goes in and out as the same bits in int64, the one eight-byte type that the binding passes on: it takes
 * them as pairs of int32, and gives them as BigInts.
 *
 * @param name The operation, such as `Svd`: its attribute `T` is the type of the numbers.
 * @param flags Its attributes that are true or false.
 */
export function nativeOp(
  name: string,
  inputs: Dense[],
  outputs: number,
  flags: Record<string, boolean> = {},
): Dense[] | undefined {
  const binding = nativeBinding();
  if (!binding) return undefined;
  const isDouble = inputs[0]!.values instanceof Float64Array;
  const type = isDouble ? TF_DOUBLE : binding.TF_FLOAT;
  const attributes = [
    typeAttribute(binding, "T", type),
    ...Object.entries(flags).map(([flag, value]) => ({ name: flag, type: binding.TF_ATTR_BOOL, value })),
  ];
  const created: number[] = [];
  const own = (id: number) => {
    created.push(id);
    return id;
  };
  try {
    const ids = inputs.map((input) => own(send(binding, input, own)));
    const results = binding.executeOp(name, attributes, ids, outputs);
    for (const { id } of results) own(id);
    return results.map(({ id, shape }) => receive(binding, id, shape, isDouble, own));
  } finally {
    for (const id of created) binding.deleteTensor(id);
  }
}

type Own = (id: number) => number;

function send(binding: TFJSBinding, { rows, columns, values }: Dense, own: Own): number {
  if (values instanceof Float32Array) return binding.createTensor([rows, columns], binding.TF_FLOAT, values);
  const bits = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const id = own(binding.createTensor([rows, columns], binding.TF_INT64, bits));
  return bitcast(binding, id, binding.TF_INT64, TF_DOUBLE);
}

function receive(binding: TFJSBinding, id: number, shape: number[], isDouble: boolean, own: Own): Dense {
  const [rows, columns] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0] ?? 1];
  if (!isDouble) return { rows, columns, values: binding.tensorDataSync(id) as Float32Array };
  const bits = binding.tensorDataSync(own(bitcast(binding, id, TF_DOUBLE, binding.TF_INT64)));
  return { rows, columns, values: new Float64Array(bits.buffer, bits.byteOffset, rows * columns) };
}

function bitcast(binding: TFJSBinding, id: number, from: number, to: number): number {
  const attributes = [typeAttribute(binding, "T", from), typeAttribute(binding, "type", to)];
  return binding.executeOp("Bitcast", attributes, [id], 1)[0]!.id;
}

function typeAttribute(binding: TFJSBinding, name: string, value: number): TFEOpAttr {
  return { name, type: binding.TF_ATTR_TYPE, value };
}
