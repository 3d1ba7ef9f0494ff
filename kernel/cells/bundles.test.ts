import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { complaintsOfNbformat } from "../testing/nbformat";
import { bundleOf, encode } from "./bundles";

const display = Symbol.for("Jupyter.display");
const textTypes = [
  "text/plain",
  "text/html",
  "text/markdown",
  "text/latex",
  "image/svg+xml",
  "application/javascript",
];
const binaryTypes = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "audio/wav"];
const jsonTypes = ["application/json", "application/vnd.plotly.v1+json", "application/geo+json"];

const cycle: { self?: unknown } = {};
cycle.self = cycle;
const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();

/** Values of every kind that code may put under a MIME type. */
const values: Record<string, unknown> = {
  text: "text",
  "the empty string": "",
  lines: ["one\n", "two"],
  "no lines": [],
  "a number": 5,
  NaN: Number.NaN,
  "a bigint": 5n,
  "a boolean": true,
  null: null,
  "an object": { a: 1 },
  "an array of numbers": [1, 2],
  "nested lines": [["a"]],
  "a function": () => 1,
  "a symbol": Symbol("s"),
  "a date": new Date(0),
  "a map": new Map([[1, 2]]),
  "an object in a cycle": cycle,
  "an object that holds a bigint": { n: 5n },
  "an object whose toJSON throws": {
    toJSON() {
      throw new Error("toJSON");
    },
  },
  "a revoked Proxy": revoked,
  bytes: Uint8Array.of(1, 2, 3),
  "a Buffer": Buffer.from("abc"),
  "an ArrayBuffer": Uint8Array.of(1, 2, 3).buffer,
  "a DataView": new DataView(Uint8Array.of(0, 1, 2, 3).buffer, 1),
  "bytes of another realm": runInNewContext("Uint8Array.of(1, 2, 3)"),
};

test("a bundle of any values either makes a valid output or is a TypeError that names the MIME type", () => {
  const outputs: { data: unknown; origin: string }[] = [];
  for (const type of [...textTypes, ...binaryTypes, ...jsonTypes]) {
    for (const [kind, value] of Object.entries(values)) {
      const origin = `${kind} under ${type}`;
      try {
        const data = encode({ [type]: value });
        assert.deepEqual(JSON.parse(JSON.stringify(data)), data, origin);
        outputs.push({ data, origin });
      } catch (error) {
        assert.ok(error instanceof TypeError, `${origin}: ${error}`);
        assert.ok(error.message.includes(`"${type}"`), `${origin}: ${error.message}`);
        assert.ok(error.message.length < 600, origin);
      }
    }
  }
  const complaints = complaintsOfNbformat(
    outputs.map(({ data }) => ({ output_type: "display_data", data, metadata: {} })),
  );
  assert.deepEqual(
    outputs.filter((_, i) => complaints[i] !== null).map(({ origin }) => origin),
    [],
  );
});

test("nbformat refuses what encode corrects or refuses, so that the test above can fail", () => {
  const wrong = [
    { "text/plain": 5 },
    { "text/html": null },
    { "image/png": { a: 1 } },
    { "image/svg+xml": [1] },
  ];
  const outputs = wrong.map((data) => ({ output_type: "display_data", data, metadata: {} }));
  assert.ok(complaintsOfNbformat(outputs).every((complaint) => complaint !== null));
});

test("text types hold text: lines are joined, numbers written out, bytes read as UTF-8", () => {
  for (const type of textTypes) {
    const under = (value: unknown) => encode({ [type]: value })[type];
    assert.equal(under("a\nb"), "a\nb");
    assert.equal(under(["a\n", "b"]), "a\nb");
    assert.equal(under(5), "5");
    assert.equal(under(5n), "5");
    assert.equal(under(false), "false");
    assert.equal(under(Buffer.from("grün")), "grün");
    for (const value of [null, {}, [1], Symbol("s"), () => 1, new Date(0), cycle]) {
      assert.throws(() => under(value), { name: "TypeError", message: /expected a string$/ });
    }
  }
});

test("binary types hold base64, which bytes of any kind become and a string is already", () => {
  for (const type of binaryTypes) {
    const under = (value: unknown) => encode({ [type]: value })[type];
    for (const kind of ["bytes", "an ArrayBuffer", "a DataView", "bytes of another realm"]) {
      assert.equal(under(values[kind]), "AQID", kind);
    }
    assert.equal(under(new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4)), "AQID");
    assert.equal(under(Float32Array.of(1)), Buffer.from([0, 0, 128, 63]).toString("base64"));
    assert.equal(under("AQID"), "AQID");
    assert.throws(() => under({ type: "Buffer" }), /expected a string in base64 or bytes$/);
  }
});

test("JSON types hold any JSON value, as it was when it was displayed", () => {
  const figure = { data: [{ y: [1, Number.NaN] }], layout: { title: undefined } };
  const { "application/json": shown } = encode({ "application/json": figure });
  figure.data.length = 0;
  assert.deepEqual(shown, { data: [{ y: [1, null] }], layout: {} });
  for (const value of [null, "text", 5, true, [], {}]) {
    assert.deepEqual(encode({ "application/json": value }), { "application/json": value });
  }
  const under = (value: unknown) => () => encode({ "application/x+json": value });
  assert.throws(under(cycle), { name: "TypeError", message: /"application\/x\+json".*circular/ });
  assert.throws(under({ n: 5n }), { name: "TypeError", message: /"application\/x\+json".*BigInt/ });
  assert.throws(under(values["an object whose toJSON throws"]), /toJSON/);
  assert.throws(
    under(() => 1),
    /expected a JSON value/,
  );
});

test("what is undefined is left out, and what is no bundle is refused", async () => {
  assert.deepEqual(encode({ "text/plain": "a", "text/html": undefined }), { "text/plain": "a" });
  for (const bundle of [undefined, null, 5, "text", [], ["text/plain"]]) {
    assert.throws(() => encode(bundle), {
      name: "TypeError",
      message: /expected an object with a value for each MIME/,
    });
    await assert.rejects(
      bundleOf({ [display]: () => bundle }),
      /\[Symbol.for\("Jupyter.display"\)\]\(\) returned is/,
    );
  }
});

test("a value without a display method is text, whatever reading it does", async () => {
  const text = async (value: unknown) => (await bundleOf(value))["text/plain"];
  const throws = {
    get [display]() {
      throw new Error("must not matter");
    },
  };
  assert.equal(await text({ a: 1 }), "{ a: 1 }");
  assert.equal(await text(Object.create(null)), "[Object: null prototype] {}");
  assert.match((await text(throws)) as string, /Getter/);
  assert.match(
    (await text({
      [Symbol.for("nodejs.util.inspect.custom")]() {
        throw new Error("broken");
      },
    })) as string,
    /inspection throws: broken/,
  );
});

test("a display method may be asynchronous, and what it throws is its own error", async () => {
  assert.deepEqual(await bundleOf({ [display]: async () => ({ "text/plain": "later" }) }), {
    "text/plain": "later",
  });
  const failing = bundleOf({
    [display]() {
      throw new RangeError("own");
    },
  });
  await assert.rejects(failing, { name: "RangeError", message: "own" });
});
