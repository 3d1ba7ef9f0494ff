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
  assert.throws(() => params.set({ sizes: ["a"] } as never), /is a list of numbers/);
  assert.throws(() => params.set({ rate: [] } as never), /"rate" is a number, got \[\]/);
});

test("a wrong type is refused and changes nothing", () => {
  const params = parameters(original());
  assert.throws(
    () => params.set({ rate: 1, steps: "many" } as never),
    /"steps" is a number, got "many" \(string\)/,
  );
  assert.throws(() => params.set({ steps: Number.NaN }), /got null \(NaN\)/);
  assert.throws(
    () => params.set({ sizes: ["a"] } as never),
    /list of numbers, got \["a"\] \(list of strings\)/,
  );
  assert.deepEqual({ ...params }, original());
});
