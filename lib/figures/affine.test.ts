import assert from "node:assert/strict";
import { test } from "node:test";
import { compose, parseTransform, transformBox } from "./affine";

const unit = { left: 0, top: 0, right: 2, bottom: 1 };
const rounded = (box: object) =>
  Object.fromEntries(Object.entries(box).map(([k, v]) => [k, Math.round(v * 1e9) / 1e9]));

test("transform functions are applied from last to first, as SVG specifies", () => {
  const moved = (attribute: string) => rounded(transformBox(parseTransform(attribute), unit));
  assert.deepEqual(moved("translate(3,-1)"), { left: 3, top: -1, right: 5, bottom: 0 });
  assert.deepEqual(moved("translate(10) scale(2)"), { left: 10, top: 0, right: 14, bottom: 2 });
  assert.deepEqual(moved("scale(2)translate(10)"), { left: 20, top: 0, right: 24, bottom: 2 });
  assert.deepEqual(moved("rotate(-90)"), { left: 0, top: -2, right: 1, bottom: 0 });
  assert.deepEqual(moved("matrix(1 0 0 1 5 6)"), { left: 5, top: 6, right: 7, bottom: 7 });
  assert.deepEqual(moved(""), unit);
});

test("a rotation about a point fixes that point", () => {
  const point = { left: 7, top: -3, right: 7, bottom: -3 };
  assert.deepEqual(rounded(transformBox(parseTransform("rotate(37, 7, -3)"), point)), point);
});

test("compose applies its second argument first", () => {
  const [a, b] = [parseTransform("rotate(30)"), parseTransform("translate(4,5)scale(3)")];
  assert.deepEqual(
    rounded(transformBox(compose(a, b), unit)),
    rounded(transformBox(parseTransform("rotate(30)translate(4,5)scale(3)"), unit)),
  );
});

test("rejects a transform function that Plotly does not write", () => {
  assert.throws(
    () => parseTransform("skewX(10)"),
    /expected translate, scale, rotate or matrix.*got skewX\(10\)/,
  );
});
