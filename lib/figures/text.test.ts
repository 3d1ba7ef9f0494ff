import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "../display/host";
import type { Figure } from "./figure";
import { heatmapFigure } from "./heatmap-figure";
import { lineFigure } from "./line-figure";
import { rankHeatmap } from "./rank-heatmap";
import { spectrumFigure } from "./spectrum-figure";

const lines = (text: string) =>
  lineFigure({
    title: text,
    x: { label: text },
    y: { label: text },
    series: [
      { name: text, y: [1, 2] },
      { name: `${text} again`, y: [2, 1] },
    ],
    references: [{ y: 1.5, label: text }],
  });

const map = (text: string) =>
  heatmapFigure({
    title: text,
    colorLabel: text,
    panels: [{ title: text, z: [[1, 2]], x: [text, "b"], y: [text], text: [[text, text]], xLabel: text }],
  });

/** The text content of a figure's SVG, from an XML parser. */
async function textOf(figure: Figure): Promise<string> {
  const { JSDOM } = require("jsdom");
  const { document } = new JSDOM(await figure.svg(), { contentType: "image/svg+xml" }).window;
  return document.documentElement.textContent;
}

const characters = ["\x1b", "\0", "\x07", "\x0b", "\ufffe", "\uffff", "\ud800", "\udc00"];
const entities = ["&#27;", "&#x0;", "&#xd800;"];
const unfit = [...characters, ...entities];

for (const [kind, figureOf] of Object.entries({ lines, map })) {
  test(`a figure of ${kind} replaces characters that XML forbids by U+FFFD in all its text`, async () => {
    const figure = figureOf(`${unfit.join("x")}y`);
    const shown = `${unfit.map(() => "\uFFFD").join("x")}y`;
    assert.ok((await textOf(figure)).includes(shown));
    const bundle = await figure[jupyterDisplay]();
    assert.ok(String(bundle["image/png"]).length > 0);
    assert.doesNotMatch(JSON.stringify(bundle), /\\ud[89a-f]|\\u00[01]/i);
  });
}

test("printable text is unchanged", async () => {
  const text = await textOf(lines("ΔW 😀 \u0085 日本 & ]]>"));
  assert.ok(text.includes("ΔW 😀 \u0085 日本 & ]]>"));
});

test("series and layers may be named like properties of every object", async () => {
  const names = ["constructor", "hasOwnProperty", "__proto__", "toString"];
  const titles = await textOf(lines(names.join(" ")));
  assert.ok(titles.includes(names.join(" ")));
  const ranks = Object.fromEntries(names.map((name) => [name, [1, 2]]));
  const layers = await textOf(rankHeatmap({ title: "t", times: [1, 2], ranks }));
  for (const name of names) {
    assert.ok(layers.includes(name), name);
    assert.throws(
      () => rankHeatmap({ title: "t", times: [1, 2], ranks: { [name]: [1, 2] }, capacities: {} }),
      new RegExp(`the capacity of layer "${name}" is undefined, expected`),
    );
    const spectra = Object.fromEntries([[name, [2, 1]]]);
    assert.throws(
      () => spectrumFigure({ title: "t", spectra, tolerance: { W1: 1 } }),
      new RegExp(`the tolerance of "${name}" is undefined, expected`),
    );
    assert.ok(spectrumFigure({ title: "t", spectra }).data.some((trace) => trace.name === name));
  }
});
