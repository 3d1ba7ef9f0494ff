import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { heatmapFigure } from "./heatmap-figure";
import { lineFigure } from "./line-figure";

const axes = { x: { label: "step" }, y: { label: "loss <i>L</i>", type: "log" as const } };
const names = ["a", "a name that is a good deal longer", "theory: e<sup>−t/τ</sup>"];
const curves = () =>
  lineFigure({
    title: "t",
    ...axes,
    series: names.map((name) => ({ name, y: [1, 0.1, 0.001, Number.NaN] })),
  });

test("the SVG is valid XML, names common fonts, and writes negative exponents with a minus sign", async () => {
  const { JSDOM } = require("jsdom");
  const svg = await curves().svg();
  const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
  const texts = [...document.querySelectorAll("text")] as {
    textContent: string;
    style: { fontFamily: string };
  }[];
  assert.deepEqual(
    new Set(texts.map((text) => text.style.fontFamily)),
    new Set(["DejaVu Sans, Verdana, sans-serif"]),
  );
  assert.ok(texts.some(({ textContent }) => textContent.replace(/\u200B/g, "") === "10−3"));
});

test("legend entries fit into the legend's clip path, and the legend fits into the picture", async () => {
  const { JSDOM } = require("jsdom");
  const { installGeometry } = require("./svg-geometry");
  const { window } = new JSDOM(await curves().svg(), { contentType: "image/svg+xml" });
  installGeometry(window);
  const { document } = window;
  const clip = document.querySelector("clipPath[id^=legend] rect").getBBox();
  const legend = document.querySelector(".legend").getBoundingClientRect();
  const entries = [...document.querySelectorAll(".legendtext")];
  assert.equal(entries.length, names.length);
  for (const entry of entries) {
    const { left, right } = entry.getBoundingClientRect();
    assert.ok(
      left >= legend.left && right <= legend.left + clip.width,
      `${right} in ${legend.left + clip.width}`,
    );
  }
  assert.ok(legend.right <= 720 && legend.bottom <= 440);
});

test("a PDF contains the heat map as an enlarged image and embeds the font", async () => {
  const pdf = (await heatmapFigure({ title: "t", panels: [{ z: [[0, 1]] }] }).pdf()).toString("latin1");
  const [, width, height] = /\/Subtype \/Image[\s\S]*?\/Width (\d+)\s+\/Height (\d+)/.exec(pdf)!.map(Number);
  assert.ok(width! > 1000 && height! > 600, `${width} × ${height}`);
  assert.match(pdf, /\/BaseFont \/\w+\+DejaVuSans\b/);
  assert.match(pdf, /\/MediaBox \[0 0 540 330\]/);
});

test("SVG and PDF are reproducible, even while another figure is drawn", async () => {
  const other = lineFigure({ title: "other", ...axes, series: [{ name: "a", y: [3, 4] }] });
  const [first, , again] = await Promise.all([curves().svg(), other.svg(), curves().svg()]);
  assert.equal(first, again);
  assert.deepEqual(await other.pdf(), await other.pdf());
});

test("a two-line title overlaps neither the picture's edge nor the plot", async () => {
  const { JSDOM } = require("jsdom");
  const { installGeometry } = require("./svg-geometry");
  const figure = lineFigure({ title: "one<br>two", ...axes, series: [{ name: "a", y: [1, 2] }] });
  const { window } = new JSDOM(await figure.svg(), { contentType: "image/svg+xml" });
  installGeometry(window);
  const { top, bottom } = window.document.querySelector(".gtitle").getBoundingClientRect();
  const plot = window.document.querySelector(".ygrid").getBoundingClientRect();
  assert.ok(top >= 8 && bottom <= plot.top, `title from ${top} to ${bottom}, grid from ${plot.top}`);
});

test("importing figures loads no renderer, and drawing does not keep the process alive", () => {
  const script = `
    const { lineFigure } = require(${JSON.stringify(join(__dirname, "index"))});
    const heavy = () => Object.keys(require.cache).filter((file) => /node_modules.(?!tsx|esbuild|get-tsconfig)/.test(file));
    console.log(heavy().length);
    lineFigure({ title: "t", x: { label: "x" }, y: { label: "y" }, series: [{ name: "a", y: [1, 2] }] })
      .png().then((png) => console.log(png.length > 10000, heavy().length > 0));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
    encoding: "utf8",
    timeout: 30_000,
  });
  assert.deepEqual([stdout, stderr, status], ["0\ntrue true\n", "", 0]);
});
