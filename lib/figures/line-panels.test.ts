import assert from "node:assert/strict";
import { test } from "node:test";
import { type LinePanelsOptions, linePanels } from "./line-panels";

const axes = { title: "t", x: { label: "step" }, y: { label: "loss" } };
const panel = (title: string, names: string[]) => ({
  title,
  series: names.map((name) => ({ name, y: [1, 2] })),
});
const draw = (options: Partial<LinePanelsOptions>) => linePanels({ ...axes, panels: [], ...options });
type Trace = { name: string; xaxis: string; yaxis: string; showlegend: boolean; line: { color: string } };
const tracesOf = (options: Partial<LinePanelsOptions>) => draw(options).data as unknown as Trace[];
type Axis = { matches?: string; showticklabels?: boolean; title: { text: string }; anchor: string };

/** The boxes in CSS pixels of the SVG elements that a selector finds. */
async function boxesOf(options: Partial<LinePanelsOptions>, selector: string) {
  const { JSDOM } = require("jsdom");
  const { installGeometry } = require("./svg-geometry");
  const { window } = new JSDOM(await draw(options).svg(), { contentType: "image/svg+xml" });
  installGeometry(window);
  const elements = [...window.document.querySelectorAll(selector)] as {
    textContent: string;
    getBoundingClientRect(): { left: number; right: number; top: number; bottom: number };
  }[];
  return elements
    .filter(({ textContent }) => textContent !== "")
    .map((element) => ({ text: element.textContent, ...element.getBoundingClientRect() }));
}

test("series of one name have one colour and one entry in the legend, whichever panels they are in", () => {
  const traces = tracesOf({ panels: [panel("p", ["a", "b"]), panel("q", ["b", "c"]), panel("r", ["a"])] });
  assert.deepEqual(
    traces.map(({ name, xaxis, showlegend }) => `${name} ${xaxis} ${showlegend}`),
    ["a x true", "b x true", "b x2 false", "c x2 true", "a x3 false"],
  );
  const colors = traces.map(({ line }) => line.color);
  assert.deepEqual([colors[2], colors[4]], [colors[1], colors[0]]);
  assert.equal(new Set(colors).size, 3);
});

test("all panels share their axes, whose labels are at the left and below the lowest panel of each column", () => {
  const layout = draw({ panels: ["a", "b", "c", "d", "e"].map((name) => panel(name, ["s"])) }).layout;
  const axis = (name: string) => layout[name] as unknown as Axis;
  for (const number of [2, 3, 4, 5]) {
    assert.deepEqual([axis(`xaxis${number}`).matches, axis(`yaxis${number}`).matches], ["x", "y"]);
  }
  const labelled = (letter: string) =>
    ["", 2, 3, 4, 5].map((number) => axis(`${letter}axis${number}`).title.text !== "");
  assert.deepEqual(labelled("x"), [false, false, true, true, true]);
  assert.deepEqual(labelled("y"), [true, false, false, true, false]);
  assert.equal(axis("xaxis").showticklabels, false);
});

test("the picture has every panel's title within the picture, and no two overlap", async () => {
  const titles = [
    "n<sub>h</sub> = 256",
    "a < b & c",
    "<b>a title that is a good deal longer than the others</b>",
  ];
  const options = { panels: titles.map((title) => panel(title, ["a", "b"])) };
  const boxes = await boxesOf(options, ".annotation-text");
  assert.deepEqual(
    boxes.map(({ text }) => text.replace(/\u200B/g, "")),
    ["nh = 256", "a < b & c", "a title that is a good deal longer than the others"],
  );
  for (const a of boxes) {
    assert.ok(a.left >= 0 && a.right <= 720, `${a.text}: ${a.left} to ${a.right}`);
    for (const b of boxes) {
      const isApart = a.right < b.left || b.right < a.left || a.bottom <= b.top || b.bottom <= a.top;
      assert.ok(a === b || isApart, `"${a.text}" and "${b.text}" overlap`);
    }
  }
});

test("long vertical titles of two rows do not overlap", async () => {
  const label = "singular values above the tolerance of one thousandth";
  const panels = ["a", "b"].map((name) => panel(name, ["s"]));
  const [upper, lower] = await boxesOf({ y: { label }, panels, columns: 1 }, "[class^=infolayer] [class^=y]");
  assert.ok(upper!.bottom < lower!.top, `${upper!.bottom}, ${lower!.top}`);
  assert.ok(upper!.top >= 0);
});

test("runs, bands below 0 on a common log axis and reference lines are drawn in their own panels", () => {
  const series = [
    {
      name: "a",
      runs: [
        [1, 2],
        [3, 4],
      ],
      band: { lower: [-1, 1], upper: [5, 5], meaning: "m" },
    },
  ];
  const { data, layout } = draw({
    y: { label: "loss", type: "log" },
    panels: [panel("p", ["a"]), { title: "q", series, references: [{ y: 3, label: "limit" }] }],
  });
  assert.deepEqual(
    data.map(({ name, xaxis }) => [name, xaxis]),
    [
      ["a", "x"],
      [undefined, "x2"],
      [undefined, "x2"],
      [undefined, "x2"],
      ["a, mean of 2 runs", "x2"],
      ["m", undefined],
    ],
  );
  const bottom = 10 ** (layout["yaxis"] as { range: number[] }).range[0]!;
  assert.ok(Math.abs((data[1]!["y"] as number[])[0]! / bottom - 1) < 1e-9);
  const [line] = layout["shapes"] as { xref: string; yref: string }[];
  assert.deepEqual([line!.xref, line!.yref], ["x2 domain", "y2"]);
});

test("the alternative text names the series of each panel", () => {
  const panels = [panel("<i>p</i>", ["a", "b"]), panel("q", ["a"])];
  assert.equal(draw({ panels }).alt, "t\n  p: a, b\n  q: a");
  assert.equal(draw({ panels, alt: "All fall." }).alt, "All fall.");
});

test("rejects no panels, a panel without series, a series on a right axis, and a number of columns below 1", () => {
  assert.throws(() => draw({ panels: [] }), /at least one panel, got none/);
  assert.throws(
    () => draw({ panels: [panel("p", [])] }),
    /panel "p": expected at least one series, got none/,
  );
  const right = { title: "p", series: [{ name: "a", y: [1], axis: "right" as const }] };
  assert.throws(() => draw({ panels: [right] }), /series "a" of panel "p": panels have a left axis only/);
  assert.throws(
    () => draw({ panels: [panel("p", ["a"])], columns: 0 }),
    /columns is 0, expected an integer ≥ 1/,
  );
});
