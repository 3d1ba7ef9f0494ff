import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { jupyterDisplay } from "../display/host";
import { figure } from "./figure";
import { heatmapFigure } from "./heatmap-figure";
import { lineFigure } from "./line-figure";
import { rankHeatmap } from "./rank-heatmap";
import { spectrumFigure } from "./spectrum-figure";
import { pixelsOf } from "./testing/pixels";

const folder = mkdtempSync(join(tmpdir(), "figures-"));
after(() => rmSync(folder, { recursive: true }));

const line = () =>
  lineFigure({
    title: "Loss of <i>W</i><sub>32</sub>",
    x: { label: "step" },
    y: { label: "loss" },
    series: [
      { name: "training", y: Float64Array.of(3, Number.NaN, 1.23456789012) },
      { name: "a name long enough to be clipped", y: [1, 2, 3] },
    ],
  });

test("a figure's MIME bundle holds exactly interactive JSON, a picture and text", async () => {
  const bundle = await line()[jupyterDisplay]();
  assert.deepEqual(Object.keys(bundle), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
  assert.match(
    String(bundle["text/plain"]),
    /^Loss of W32\n {2}training: 3 points, x from 0 to 2, y from 1\.235 to 3/,
  );
  const json = JSON.parse(JSON.stringify(bundle["application/vnd.plotly.v1+json"]));
  assert.deepEqual(json.data[0].y, [3, null, 1.23457]);
});

test("the picture has two pixels per CSS pixel, a white background and the series' colours", async () => {
  const picture = await pixelsOf(await line().png());
  assert.deepEqual([picture.width, picture.height], [1440, 880]);
  assert.deepEqual(picture.at(3, 3), [255, 255, 255]);
  const blue = picture.count(([r, g, b]) => r === 0x00 && g === 0x72 && b === 0xb2);
  assert.ok(blue > 50, `${blue} pixels of the first series`);
});

test("nothing, including the legend, is cut off at the picture's edges", async () => {
  const picture = await pixelsOf(await line().png());
  const isInk = (x: number, y: number) => picture.at(x, y).some((value) => value < 250);
  for (let y = 0; y < picture.height; y++) assert.ok(!isInk(picture.width - 1, y) && !isInk(0, y));
  for (let x = 0; x < picture.width; x++) assert.ok(!isInk(x, 0) && !isInk(x, picture.height - 1));
});

test("saves complete png, svg, pdf and json files and creates their folder", async () => {
  const path = (extension: string) => join(folder, "new", `loss.${extension}`);
  for (const extension of ["png", "svg", "pdf", "json"]) {
    assert.equal(await line().save(path(extension)), path(extension));
  }
  assert.equal(readFileSync(path("png")).subarray(1, 4).toString(), "PNG");
  assert.match(readFileSync(path("svg"), "utf8"), /^<svg[\s\S]*<\/svg>$/);
  const pdf = readFileSync(path("pdf"), "latin1");
  assert.ok(pdf.startsWith("%PDF") && pdf.match(/\/Type \/Page\b/g)?.length === 1);
  assert.equal(JSON.parse(readFileSync(path("json"), "utf8")).data[0].y[2], 1.23456789012);
  assert.equal(readdirSync(join(folder, "new")).length, 4);
});

test("rejects an unknown file extension and a size or scale that is not positive", async () => {
  await assert.rejects(
    line().save(join(folder, "loss.gif")),
    /expected a name ending in .png, .svg, .pdf or .json/,
  );
  assert.throws(() => figure([], { width: 0 }), /width is 0, expected a number in \(0, ∞\)/);
  await assert.rejects(line().png({ scale: 0 }), /scale must be above 0/);
});

test("importing figures loads no renderer, and drawing adds no globals", async () => {
  const before = Object.getOwnPropertyNames(globalThis);
  await line().svg();
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
});

test("the author's alternative text replaces the summary in the display, and an empty one is an error", async () => {
  const alt = "The loss falls from 3 to 1 < 2.";
  const options = {
    title: "t",
    x: { label: "x" },
    y: { label: "y" },
    series: [{ name: "n", y: [1, 2] }],
    alt,
  };
  const panels = [{ z: [[1, 2]] }];
  const figures = [
    figure([], {}, { alt }),
    lineFigure(options),
    heatmapFigure({ title: "t", panels, alt }),
    rankHeatmap({ title: "t", times: [1], ranks: { W: [1] }, alt }),
    spectrumFigure({ title: "t", spectra: { W: [2, 1] }, alt }),
  ];
  for (const one of figures) assert.equal(one.alt, alt);
  assert.equal((await lineFigure(options)[jupyterDisplay]())["text/plain"], alt);
  assert.throws(() => figure([], {}, { alt: " " }), /alternative text alt is empty/);
  assert.equal(figure([], {}, { alt: "a\x1bb" }).alt, "a\uFFFDb");
});
