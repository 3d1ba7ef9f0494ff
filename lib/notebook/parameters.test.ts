import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { parameters, profile } from "./parameters";

afterEach(() => {
  delete process.env["WEIGHTSPACE_PROFILE"];
  delete process.env["WEIGHTSPACE_SET"];
});

const original = () => ({ steps: 10000, rate: 10, name: "adam", sizes: [256, 512] });

test("parameters are the original's values in the full profile, which is the default", () => {
  assert.deepEqual({ ...parameters(original(), { smoke: { steps: 10 } }) }, original());
  assert.equal(profile(), "full");
});

test("a profile changes what it names and nothing else", () => {
  process.env["WEIGHTSPACE_PROFILE"] = "smoke";
  assert.deepEqual({ ...parameters(original(), { smoke: { steps: 10 } }) }, { ...original(), steps: 10 });
});

test("an unknown profile is refused with the list of those that exist", () => {
  process.env["WEIGHTSPACE_PROFILE"] = "fast";
  assert.throws(() => parameters(original()), /"fast"; expected full, quick, smoke/);
});

test("WEIGHTSPACE_SET overrides the profile, as pairs or as JSON", () => {
  process.env["WEIGHTSPACE_PROFILE"] = "smoke";
  process.env["WEIGHTSPACE_SET"] = "steps=7, name=sgd";
  const params = parameters(original(), { smoke: { steps: 10 } });
  assert.deepEqual([params.steps, params.name], [7, "sgd"]);
  process.env["WEIGHTSPACE_SET"] = '{"sizes": [1, 2, 3]}';
  assert.deepEqual(parameters(original()).sizes, [1, 2, 3]);
});

test("set overrides by name and is no parameter itself", () => {
  const params = parameters(original());
  params.set({ steps: 5 });
  assert.equal(params.steps, 5);
  assert.deepEqual(Object.keys(params), ["steps", "rate", "name", "sizes"]);
});

test("an unknown name is refused with the list of those that exist", () => {
  const params = parameters(original());
  assert.throws(
    () => params.set({ stepz: 5 } as never),
    /"stepz"; there are steps \(number\), .*list of numbers/,
  );
});

test("a list may be emptied, and is still one of its kind", () => {
  const params = parameters(original());
  params.set({ sizes: [] });
  assert.deepEqual(params.sizes, []);
  assert.throws(() => params.set({ sizes: ["a"] } as never), /expected a list of numbers/);
  assert.throws(() => params.set({ rate: [] } as never), /"rate": expected a number, got \[\]/);
});

test("a wrong type is refused and changes nothing", () => {
  const params = parameters(original());
  assert.throws(
    () => params.set({ rate: 1, steps: "many" } as never),
    /"steps": expected a number, got "many" \(string\); there are steps \(number\), rate/,
  );
  assert.throws(() => params.set({ steps: Number.NaN }), /got NaN \(NaN\)/);
  assert.throws(
    () => params.set({ sizes: ["a"] } as never),
    /expected a list of numbers, got \["a"\] \(list of strings\)/,
  );
  assert.deepEqual({ ...params }, original());
});

test("numbers that are not finite, null and undefined are refused, also in lists", () => {
  const params = parameters(original());
  for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, null, undefined]) {
    assert.throws(() => params.set({ steps: value } as never), /"steps": expected a number, got/);
    assert.throws(
      () => params.set({ sizes: [1, value] } as never),
      /"sizes": expected a list of numbers, got/,
    );
    assert.throws(() => params.set({ sizes: [value, value] } as never), /"sizes": expected a list/);
  }
  assert.throws(() => params.set({ sizes: new Array(2) } as never), /"sizes"/);
  assert.throws(() => params.set({ sizes: [[1]] } as never), /"sizes"/);
  process.env["WEIGHTSPACE_SET"] = "steps=1e999";
  assert.throws(() => parameters(original()), /"steps": expected a number, got Infinity/);
  assert.deepEqual({ ...params }, original());
});

test("a name that every object has is no parameter", () => {
  const params = parameters(original());
  for (const name of ["constructor", "hasOwnProperty", "toString", "set"]) {
    assert.throws(() => params.set({ [name]: 1 } as never), new RegExp(`unknown parameter "${name}"`));
  }
  const changes = JSON.parse('{"__proto__": {"steps": 5}}');
  assert.throws(() => params.set(changes), /unknown parameter "__proto__"/);
  process.env["WEIGHTSPACE_SET"] = '{"__proto__": 5}';
  assert.throws(() => parameters(original()), /unknown parameter "__proto__"/);
  assert.throws(() => parameters({ set: 1 }), /cannot be called "set"/);
  assert.equal(params.steps, 10000);
});

test("a flag, a list of flags and an empty list can be changed, by their types and when they run", () => {
  const kinds = ["dense"] as ("dense" | "sparse")[];
  const params = parameters({ flag: false, flags: [true], none: [], kinds }, { smoke: { flag: true } });
  params.set({ flag: true, flags: [false, true], none: [1, 2], kinds: ["sparse"] });
  assert.deepEqual({ ...params }, { flag: true, flags: [false, true], none: [1, 2], kinds: ["sparse"] });
  const kind: "dense" | "sparse" = params.kinds[0]!;
  assert.equal(kind, "sparse");
  assert.throws(
    () => params.set({ none: [1, "a"] } as never),
    /"none": expected a list of nothing, got \[1, "a"\]/,
  );
  assert.throws(() => params.set({ flag: 1 } as never), /"flag": expected a boolean, got 1 \(number\)/);
});

test("WEIGHTSPACE_SET splits only at commas between pairs", () => {
  process.env["WEIGHTSPACE_SET"] = ' sizes = [1, 2] ,name="a, [b",steps=7,rate = -1e-3 ';
  assert.deepEqual({ ...parameters(original()) }, { steps: 7, rate: -1e-3, name: "a, [b", sizes: [1, 2] });
});

test("WEIGHTSPACE_SET with a name that is there twice, or malformed, is refused with its text", () => {
  const refused: [string, RegExp][] = [
    ["steps=1,steps=2", /WEIGHTSPACE_SET: "steps" is there twice, got "steps=1,steps=2"/],
    ['{"steps": 1, "sizes": [2], "\\u0073teps": 3}', /"steps" is there twice/],
    ['{"steps": 1', /WEIGHTSPACE_SET: expected a JSON object .*JSON.*got "\{\\"steps\\": 1"/],
    ["steps", /expected name=value, got "steps"/],
    ["steps=1,", /expected name=value, got ""/],
    ["sizes=[1,2", /its brackets do not match, got "sizes=\[1,2"/],
    ["sizes=1;2", /"sizes": expected a list of numbers, got "1;2"/],
    ['{"rate": {"a": 1}}', /"rate": expected a number, got .*\(object\)/],
  ];
  for (const [text, reason] of refused) {
    process.env["WEIGHTSPACE_SET"] = text;
    assert.throws(() => parameters(original()), reason);
  }
});
