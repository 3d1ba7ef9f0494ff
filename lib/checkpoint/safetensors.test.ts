import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import fixture from "./fixtures/safetensors.json";
import cases from "./fixtures/safetensors-cases.json";
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from "./safetensors";
import type { SavedArray, State } from "./state";

const fromPython = Buffer.from(fixture.base64, "base64");
const state: State = {
  weight: { shape: [2, 3], values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
  count: { shape: [], values: Uint32Array.of(7) },
  order: { shape: [3], values: Int32Array.of(3, -1, 2) },
  rate: { shape: [1], values: Float64Array.of(0.1) },
};

/** A file with this header and a number of zero bytes as data. */
function fileOf(header: string, dataBytes: number): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

test("decodeSafetensors reads what Python's safetensors wrote", () => {
  assert.deepEqual(decodeSafetensors(fromPython), { state, metadata: { step: "12" } });
});

/** Files that Python accepts but this library rejects because the format's description forbids them. */
const refusedHere = new Map([
  ["leading space", /starts with " ", expected "\{"/],
  ["tensor twice", /has the key "a" twice/],
  ["tensor twice, once escaped", /has the key "\\u0061" twice/],
  ["metadata key twice", /has the key "x" twice, under "__metadata__"/],
  ["metadata key twice, once escaped", /has the key "\\u0078" twice, under "__metadata__"/],
]);

interface NumpyArray {
  dtype: string;
  shape: number[];
  bytes: string;
}

function asNumpy({ shape, values }: SavedArray): NumpyArray {
  const dtype = values.constructor.name.replace("Array", "").toLowerCase();
  return { dtype, shape, bytes: Buffer.from(values.buffer).toString("base64") };
}

test("rejects the files that Python's safetensors rejects and those that the format's description forbids", () => {
  for (const { what, file, python } of cases.cases) {
    if (python.accepted && !refusedHere.has(what)) continue;
    const decode = () => decodeSafetensors(Buffer.from(file, "base64"));
    assert.throws(decode, SafetensorsError, what);
    assert.throws(decode, refusedHere.get(what) ?? /./, what);
  }
});

test("reads the files that Python's safetensors accepts into the same arrays", () => {
  for (const { what, file, python } of cases.cases) {
    if (!python.accepted || refusedHere.has(what)) continue;
    const arrays = Object.entries(decodeSafetensors(Buffer.from(file, "base64")).state);
    const read = Object.fromEntries(arrays.map(([name, array]) => [name, asNumpy(array)]));
    assert.deepEqual(read, python.accepted, what);
  }
});

test("an error names the tensor, what was found and what was expected", () => {
  const entry = (dtype: string, shape: string, offsets: string) =>
    fileOf(`{"w":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`, 8);
  for (const [bytes, message] of [
    [
      entry('"BF16"', "[4]", "[0,8]"),
      'the tensor "w" has the dtype "BF16", expected one of F32, F64, I32, U32',
    ],
    [
      entry('"F32"', "[-1,-1]", "[0,8]"),
      'the tensor "w" has the shape [-1,-1], expected an array of non-negative integers',
    ],
    [
      entry('"F32"', "[0.5,4]", "[0,8]"),
      'its header has the number 0.5, expected an integer up to 2^53 - 1, under "w"',
    ],
    [entry('"F32"', "[3]", "[0,8]"), 'the tensor "w" has 8 bytes of F32 for the shape [3], expected 12'],
    [fileOf('{"w":null}', 0), 'the tensor "w" has the entry null, expected an object'],
    [fileOf('{"w":{}}', 0), 'the tensor "w" has no dtype, expected one of F32, F64, I32, U32'],
    [fileOf("[]", 0), 'its header starts with "[", expected "{"'],
    [fileOf("{}", 3), "it has 3 bytes of data, but its tensors take only 0"],
  ] as const) {
    assert.throws(() => decodeSafetensors(bytes), { message });
  }
});

test("decoding inverts encoding, also for views, scalars and empty arrays", () => {
  const whole = Float64Array.from({ length: 10 }, (_, i) => i);
  const views: State = {
    odd: { shape: [1], values: Uint32Array.of(1) },
    view: { shape: [3], values: whole.subarray(4, 7) },
    scalar: { shape: [], values: Float32Array.of(Number.NaN) },
    none: { shape: [0, 5], values: new Float32Array() },
  };
  const decoded = decodeSafetensors(encodeSafetensors(views, { a: "ü" }));
  assert.deepEqual(decoded.state["view"], { shape: [3], values: Float64Array.of(4, 5, 6) });
  assert.deepEqual(decoded, { state: { ...views, view: decoded.state["view"] }, metadata: { a: "ü" } });
});

test("any name but __metadata__ is preserved, also the names of JavaScript's built-in properties", () => {
  const names = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "0",
    "",
    '"\\\n',
    "\u2028",
    "\u{1F600}",
  ];
  const named = (value: number): SavedArray => ({ shape: [1], values: Float32Array.of(value) });
  const all = Object.fromEntries(names.map((name, i) => [name, named(i)]));
  const texts = Object.fromEntries(names.map((name) => [name, name]));
  const decoded = decodeSafetensors(encodeSafetensors(all, texts));
  assert.deepEqual(new Set(Object.keys(decoded.state)), new Set(names));
  for (const [i, name] of names.entries()) assert.deepEqual(decoded.state[name], named(i));
  assert.deepEqual(Object.entries(decoded.metadata).sort(), Object.entries(texts).sort());
});

test("writes and reads 150,000 arrays", () => {
  const array = { shape: [1], values: Int32Array.of(7) };
  const many = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [`a${i}`, array]));
  const decoded = decodeSafetensors(encodeSafetensors(many, {})).state;
  assert.equal(Object.keys(decoded).length, 150_000);
  assert.deepEqual(decoded["a149999"], array);
});

test("the header is padded so that the data starts at a multiple of eight bytes, as the format requires", () => {
  for (const name of ["a", "ab", "abc", "abcd"]) {
    const bytes = encodeSafetensors({ [name]: state["rate"]! }, {});
    assert.equal(Number(Buffer.from(bytes).readBigUInt64LE()) % 8, 0);
  }
});

test("encodeSafetensors rejects contents that could not be read back", () => {
  const array = state["rate"]!;
  const one = (shape: number[], values: unknown): State => ({ w: { shape, values } as SavedArray });
  for (const [arrays, metadata, message] of [
    [{}, { x: undefined }, /the metadata "x" is of type undefined, expected a string/],
    [{}, { x: "\ud800" }, /is not valid Unicode/],
    [{ "\ud800": array }, {}, /is not valid Unicode/],
    [{ __metadata__: array }, {}, /no tensor can have the name __metadata__/],
    [one([2], new Uint8Array(2)), {}, /"w" is of type Uint8Array, expected one of Float32Array, /],
    [one([2], [1, 2]), {}, /"w" is of type Array, expected one of/],
    [one([3], Float32Array.of(1, 2)), {}, /"w" has 2 values for the shape \[3\]/],
    [one([-1, -2], Float32Array.of(1, 2)), {}, /"w" has 2 values for the shape \[-1,-2\]/],
    [one([0.5, 4], Float32Array.of(1, 2)), {}, /"w" has 2 values for the shape \[0.5,4\]/],
  ] as const) {
    const encode = () => encodeSafetensors(arrays as State, metadata as unknown as Record<string, string>);
    assert.throws(encode, SafetensorsError);
    assert.throws(encode, message);
  }
});

test("rejects a file that is truncated anywhere or followed by more bytes", () => {
  for (let size = 0; size < fromPython.length; size++) {
    assert.throws(() => decodeSafetensors(fromPython.subarray(0, size)), /it is truncated: /);
  }
  assert.throws(
    () => decodeSafetensors(Buffer.concat([fromPython, Buffer.alloc(1)])),
    /49 bytes of data, but its tensors take only 48/,
  );
});

/** The tokens of a header: its strings, numbers and punctuation. */
const pieces = (header: string) => header.match(/"(?:[^"\\]|\\.)*"|\d+|[{}[\]:,]/g)!;
const otherPieces = [
  "0",
  "-1",
  "8",
  "0.5",
  "1e400",
  "9007199254740993",
  "null",
  "true",
  '"F16"',
  "[]",
  "{}",
  ",",
];

test("a header with altered tokens throws a SafetensorsError or is read into the bytes of the file", () => {
  const length = Number(fromPython.readBigUInt64LE());
  const original = pieces(fromPython.toString("utf8", 8, 8 + length));
  const data = fromPython.subarray(8 + length);
  const place = fc.nat(original.length - 1);
  const edit = fc.record({
    at: place,
    removed: fc.nat(2),
    by: fc.array(
      fc.oneof(
        fc.constantFrom(...otherPieces),
        place.map((i) => original[i]!),
      ),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const altered = original.slice();
      for (const { at, removed, by } of edits) altered.splice(at, removed, ...by);
      const file = Buffer.concat([fileOf(altered.join(""), 0), data]);
      let decoded: ReturnType<typeof decodeSafetensors>;
      try {
        decoded = decodeSafetensors(file);
      } catch (error) {
        return error instanceof SafetensorsError && error.message.length > 10;
      }
      const bytes = Object.values(decoded.state).map(({ values }) => Buffer.from(values.buffer));
      return Buffer.concat(bytes).equals(data);
    }),
    { numRuns: 5000, seed: 18 },
  );
});

test("flipped bits and random bytes throw nothing but a SafetensorsError", () => {
  const flipped = fc.array(fc.nat(8 * fromPython.length - 1), { minLength: 1, maxLength: 8 }).map((bits) => {
    const bytes = Uint8Array.from(fromPython);
    for (const bit of bits) bytes[bit >> 3]! ^= 1 << (bit & 7);
    return bytes;
  });
  const random = fc
    .uint8Array({ maxLength: 64 })
    .map((bytes) => fileOf(Buffer.from(bytes).toString("latin1"), 8));
  fc.assert(
    fc.property(fc.oneof(flipped, random), (bytes) => {
      try {
        decodeSafetensors(bytes);
        return true;
      } catch (error) {
        return error instanceof SafetensorsError;
      }
    }),
    { numRuns: 5000, seed: 18 },
  );
});
