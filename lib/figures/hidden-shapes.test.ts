import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("draws a picture with reference lines far outside the ranges of their axes", () => {
  // Runs in a separate process, which a panic of resvg would end.
  const script = `
    const { figure, lineFigure } = require(${JSON.stringify(require.resolve("./index"))});
    const draw = async (type, range, reference) => {
      const axis = { label: "", type, range };
      const series = [{ name: "n", x: [1, 2], y: [1, 2] }];
      await lineFigure({ title: "", x: axis, y: axis, series, references: [reference] }).png({ scale: 0.5 });
    };
    (async () => {
      for (const value of [100, -100]) {
        for (const dash of ["solid", "dash"]) await draw("linear", [1, 2], { y: value, dash, label: "far" });
        await draw("linear", [1, 2], { x: value });
      }
      for (const value of [-1, 0, 1e-30]) await draw("log", undefined, { y: value });
      const rectangle = { type: "rect", x0: 50, x1: 60, y0: 50, y1: 60, opacity: 0.5, fillcolor: "red" };
      const ranges = { xaxis: { range: [1, 2] }, yaxis: { range: [1, 2] } };
      await figure([{ y: [1, 2] }], { shapes: [rectangle], ...ranges }).png({ scale: 0.5 });
      console.log("drawn");
    })();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
    encoding: "utf8",
  });
  assert.equal(stdout.trim(), "drawn", stderr);
});

test("a reference line within the range is drawn", async () => {
  const { lineFigure } = require("./line-figure");
  const { pixelsOf } = require("./testing/pixels");
  const draw = async (y: number) => {
    const options = { title: "", x: { label: "" }, y: { label: "", range: [0, 2] } };
    const series = [{ name: "n", y: [0, 0] }];
    const figure = lineFigure({ ...options, series, references: [{ y, dash: "solid" }] });
    return (await pixelsOf(await figure.png())).count(
      ([r, g, b]: number[]) => r === 0x66 && g === 0x66 && b === 0x66,
    );
  };
  // Antialiased ticks also have a few such pixels; the line is hundreds of pixels long.
  const [within, outside] = [await draw(1), await draw(100)];
  assert.ok(within > outside + 500, `${within}, ${outside}`);
});
