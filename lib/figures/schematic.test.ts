import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "./affine";
import { pathBox } from "./path-box";
import { type SchematicOptions, schematic } from "./schematic";
import { pixelsOf } from "./testing/pixels";

const draw = (options: Partial<SchematicOptions>) =>
  schematic({ title: "t", boxes: [{ name: "a" }], ...options });
const named = (...names: string[]) => names.map((name) => ({ name }));

/** The rectangles of boxes, in the order in which they were given, and the corners of arrows, in the plot's units. */
function shapesOf({ layout }: ReturnType<typeof schematic>) {
  const shapes = layout["shapes"] as { path: string; line: { width: number; dash?: string } }[];
  const corners = (path: string) =>
    [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const isBox = ({ path }: { path: string }) => path.includes("Q");
  return {
    boxes: shapes.filter(isBox).map(({ path }) => pathBox(path)!),
    lines: shapes.filter((shape) => !isBox(shape) && shape.line.dash).map(({ path }) => corners(path)),
    tips: shapes.filter((shape) => !isBox(shape) && !shape.line.dash).map(({ path }) => corners(path)[0]!),
  };
}

/** The rectangles in CSS pixels of the frames of boxes and of all texts in the picture. */
async function pictureOf(figure: ReturnType<typeof schematic>) {
  const { JSDOM } = require("jsdom");
  const { installGeometry } = require("./svg-geometry");
  const { window } = new JSDOM(await figure.svg(), { contentType: "image/svg+xml" });
  installGeometry(window);
  type Element = { textContent: string; getAttribute(name: string): string; getBoundingClientRect(): Box };
  const all = (selector: string): Element[] => [...window.document.querySelectorAll(selector)];
  return {
    texts: all(".annotation-text").map((element) => ({
      text: element.textContent.replace(/\u200B/g, ""),
      ...element.getBoundingClientRect(),
    })),
    boxes: all(".shapelayer path")
      .filter((path) => path.getAttribute("d").includes("Q"))
      .map((path) => path.getBoundingClientRect()),
  };
}

const isWithin = (inner: Box, outer: Box) =>
  inner.left >= outer.left &&
  inner.right <= outer.right &&
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom;

const adversarial = [
  { name: "constructor", detail: "784 → 200" },
  { name: "markup", label: "W<sub>32</sub><b>W<sub>21</sub></b> &lt; 1", detail: "<i>n</i> × <i>n</i>" },
  { name: "lines", label: "one line<br>and a longer one", row: 1, column: 0 },
  { name: "unfit", label: "\x1b\ud800 😀 日本 & ]]>" },
  { name: "__proto__", label: "a < b" },
];

test("each text lies within its box, and the boxes lie apart and within the picture, whatever their labels are", async () => {
  const figure = draw({ boxes: adversarial });
  const { texts, boxes } = await pictureOf(figure);
  assert.equal(boxes.length, adversarial.length);
  assert.deepEqual(
    texts.map(({ text }) => text),
    [
      "constructor784 → 200",
      "W32W21 < 1n × n",
      "one lineand a longer one",
      "\uFFFD\uFFFD 😀 日本 & ]]>",
      "a < b",
    ],
  );
  for (const [i, box] of boxes.entries()) {
    assert.ok(isWithin(texts[i]!, box), `"${texts[i]!.text}" in its box`);
    assert.ok(isWithin(box, { left: 1, top: 40, right: 719, bottom: figure.layout.height - 1 }));
    for (const other of boxes.slice(0, i)) {
      const isApart =
        box.left > other.right || box.right < other.left || box.top > other.bottom || box.bottom < other.top;
      assert.ok(isApart);
    }
  }
});

test("boxes without a place follow the box before to the right, and start again at the left of another row", () => {
  const { boxes } = shapesOf(
    draw({
      boxes: [...named("a", "b"), { name: "c", row: 1 }, { name: "d" }, { name: "e", row: 0, column: 2 }],
    }),
  );
  const [a, b, c, d, e] = boxes as [Box, Box, Box, Box, Box];
  assert.ok(a.right < b.left && a.top === b.top);
  assert.ok(a.bottom < c.top && a.left === c.left);
  assert.ok(d.top === c.top && d.left === b.left);
  assert.ok(e.top === a.top && e.left > b.right);
});

test("an arrow starts and ends at the frames of its boxes", () => {
  const { boxes, lines, tips } = shapesOf(
    draw({
      boxes: [...named("a", "b"), { name: "c", row: 1, column: 1 }],
      arrows: [
        { from: "a", to: "b" },
        { from: "c", to: "b" },
        { from: "a", to: "c", path: "elbow" },
      ],
    }),
  );
  const [a, b, c] = boxes as [Box, Box, Box];
  assert.deepEqual(lines[0]![0], [a.right, (a.top + a.bottom) / 2]);
  assert.deepEqual(tips[0], [b.left, (b.top + b.bottom) / 2]);
  assert.deepEqual(lines[1]![0], [(c.left + c.right) / 2, c.top]);
  assert.deepEqual(tips[1], [(b.left + b.right) / 2, b.bottom]);
  assert.deepEqual(tips[2], [c.left, (c.top + c.bottom) / 2]);
});

test("an elbow consists of horizontal and vertical lines that avoid other boxes", () => {
  const grid = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => ({ name: `${row}${column}`, row, column })),
  );
  for (const [from, to] of [
    ["00", "02"],
    ["02", "00"],
    ["00", "22"],
    ["21", "00"],
    ["01", "21"],
    ["10", "02"],
  ] as const) {
    const { boxes, lines, tips } = shapesOf(draw({ boxes: grid, arrows: [{ from, to, path: "elbow" }] }));
    const points = [...lines[0]!, tips[0]!];
    for (const [i, [x, y]] of points.entries()) {
      if (i === 0) continue;
      const [px, py] = points[i - 1]!;
      assert.ok(x === px || y === py, `${from} to ${to}`);
      for (const [j, { left, right, top, bottom }] of boxes.entries()) {
        if (grid[j]!.name === from || grid[j]!.name === to) continue;
        const isApart =
          Math.max(x, px) < left ||
          Math.min(x, px) > right ||
          Math.max(y, py) < top ||
          Math.min(y, py) > bottom;
        assert.ok(isApart, `the elbow from ${from} to ${to} avoids ${grid[j]!.name}`);
      }
    }
  }
});

test("an elbow leaves and enters at the sides that it is given", () => {
  const arrows = [
    { from: "b", to: "a", path: "elbow" as const, leaves: "top" as const, enters: "left" as const },
  ];
  const { boxes, lines, tips } = shapesOf(draw({ boxes: named("a", "b"), arrows }));
  assert.deepEqual(lines[0]![0], [(boxes[1]!.left + boxes[1]!.right) / 2, boxes[1]!.top]);
  assert.deepEqual(tips[0], [boxes[0]!.left, (boxes[0]!.top + boxes[0]!.bottom) / 2]);
});

test("an elbow that leaves away from its target leads around its own boxes", () => {
  const arrows = [
    { from: "b", to: "a", path: "elbow" as const, leaves: "right" as const, enters: "left" as const },
  ];
  const { boxes, lines, tips } = shapesOf(draw({ boxes: named("a", "b"), arrows }));
  const points = [...lines[0]!.slice(0, -1), tips[0]!];
  const [a, b] = boxes as [Box, Box];
  const isBelow = points.some(([, y]) => y > a.bottom);
  assert.ok(isBelow && points.some(([x]) => x > b.right) && points.some(([x]) => x < a.left));
});

test("arrows both ways between two boxes, and several around one row, do not coincide", () => {
  const around = (from: string, to: string) => ({ from, to, path: "elbow" as const, label: `${from}${to}` });
  const { lines } = shapesOf(
    draw({
      boxes: named("a", "b", "c"),
      arrows: [{ from: "a", to: "b" }, { from: "b", to: "a" }, around("c", "a"), around("c", "b")],
    }),
  );
  const heights = lines.map((line) => Math.max(...line.map(([, y]) => y)));
  assert.equal(new Set(heights).size, 4);
});

test("the labels of arrows lie within the picture and beside the boxes, however long they are", async () => {
  const label = "a label that is a good deal longer than the boxes";
  const boxes = [...named("a", "b"), { name: "c", row: 1, column: 1 }];
  const arrows = [
    { from: "a", to: "b", label },
    { from: "b", to: "c", label: "down" },
    { from: "b", to: "a", path: "elbow" as const, label: "and back" },
  ];
  const picture = await pictureOf(draw({ boxes, arrows }));
  const labels = picture.texts.filter(({ text }) => text.length > 1);
  assert.equal(labels.length, 3);
  for (const one of labels) {
    assert.ok(one.left > 0 && one.right < 720, one.text);
    for (const box of picture.boxes) {
      assert.ok(
        one.left > box.right || one.right < box.left || one.top > box.bottom || one.bottom < box.top,
        one.text,
      );
    }
  }
});

test("a dashed arrow has gaps, and a box has its colour", async () => {
  const ink = async (dash: "solid" | "dot", color?: string) => {
    const figure = draw({
      title: "",
      boxes: [
        { name: "a", color },
        { name: "b", column: 9 },
      ],
      arrows: [{ from: "a", to: "b", dash }],
    });
    const picture = await pixelsOf(await figure.png());
    return {
      grey: picture.count(([r, g, b]) => r === 0x66 && g === 0x66 && b === 0x66),
      orange: picture.count(([r, g, b]) => r === 0xd5 && g === 0x5e && b === 0),
    };
  };
  const [solid, dotted, colored] = [await ink("solid"), await ink("dot"), await ink("solid", "#D55E00")];
  assert.ok(dotted.grey < solid.grey - 200, `${dotted.grey} and ${solid.grey} grey pixels`);
  assert.ok(solid.orange === 0 && colored.orange > 100, `${colored.orange} orange pixels`);
});

test("a group's frame encloses its boxes, its label and the labels between its boxes, and nothing else", async () => {
  const picture = await pictureOf(
    draw({
      boxes: [...named("a", "b"), { name: "c", row: 1, column: 1 }],
      arrows: [{ from: "b", to: "c", label: "a long label" }],
      groups: [{ label: "a group", boxes: ["b", "c"] }],
    }),
  );
  const [frame, a, b, c] = picture.boxes as [Box, Box, Box, Box];
  const textOf = (text: string) => picture.texts.find((one) => one.text === text)!;
  for (const inner of [b, c, textOf("a group"), textOf("a long label")]) assert.ok(isWithin(inner, frame));
  assert.ok(a.right < frame.left);
  assert.ok(textOf("a group").bottom < b.top);
});

test("the PDF holds the schematic as text and lines, and the display has text", async () => {
  const figure = draw({ boxes: named("a", "b"), arrows: [{ from: "a", to: "b" }] });
  const pdf = (await figure.pdf()).toString("latin1");
  assert.match(pdf, /\/BaseFont \/\w+\+DejaVuSans\b/);
  assert.doesNotMatch(pdf, /\/Subtype \/Image/);
  assert.equal(figure.alt, "t\n  boxes: a, b\n  arrows: a → b");
  const described = {
    boxes: [{ name: "x", label: "W<sub>1</sub>", detail: "784" }, { name: "y" }],
    arrows: [{ from: "x", to: "y", label: "<i>l</i>" }],
  };
  assert.equal(draw(described).alt, "t\n  boxes: W1 (784), y\n  arrows: W1 → y (l)");
  assert.equal(draw({ alt: "Two layers." }).alt, "Two layers.");
});

test("rejects unknown, missing or repeated boxes, and two in one place or overlapping", () => {
  assert.throws(() => draw({ boxes: [] }), /at least one box, got none/);
  assert.throws(
    () => draw({ arrows: [{ from: "a", to: "toString" }] }),
    /the arrow from "a" to "toString" names box "toString", expected one of "a"$/,
  );
  assert.throws(() => draw({ boxes: named("a", "a") }), /two boxes have the name "a"/);
  const place = { row: 1, column: 2 };
  assert.throws(
    () =>
      draw({
        boxes: [
          { name: "a", ...place },
          { name: "b", ...place },
        ],
      }),
    /boxes "a" and "b" are both in row 1, column 2/,
  );
  assert.throws(
    () => draw({ boxes: [{ name: "a" }, { name: "b", column: 0.5 }] }),
    /boxes "a" and "b" overlap/,
  );
  for (const row of [-1, Number.NaN, Infinity]) {
    assert.throws(
      () => draw({ boxes: [{ name: "a", row }] }),
      /the row of box "a" is .*, expected a number ≥ 0/,
    );
  }
  assert.throws(() => draw({ boxes: [{ name: "a", color: "red" }] }), /"red", expected the form #RRGGBB/);
});

test("rejects empty texts", () => {
  for (const empty of ["", "  ", "<b></b>", "<br>"]) {
    assert.throws(() => draw({ boxes: [{ name: empty }] }), /the name of a box is ".*", expected a text/);
    assert.throws(() => draw({ boxes: [{ name: "a", label: empty }] }), /the label of box "a"/);
    assert.throws(() => draw({ boxes: [{ name: "a", detail: empty }] }), /the detail of box "a"/);
    const arrows = [{ from: "a", to: "b", label: empty }];
    assert.throws(() => draw({ boxes: named("a", "b"), arrows }), /the label of the arrow from "a" to "b"/);
    assert.throws(() => draw({ groups: [{ label: empty, boxes: ["a"] }] }), /the label of a group/);
  }
});

test("rejects an arrow through another box, one to its own box, and a drawing wider than the figure", () => {
  const boxes = named("a", "b", "c");
  assert.throws(
    () => draw({ boxes, arrows: [{ from: "a", to: "c" }] }),
    /the arrow from "a" to "c" crosses box "b", expected path: "elbow" or another order of boxes/,
  );
  const sides = { leaves: "right" as const, enters: "left" as const };
  assert.throws(
    () => draw({ boxes, arrows: [{ from: "a", to: "c", path: "elbow", ...sides }] }),
    /crosses box "b", expected leaves and enters at other sides/,
  );
  assert.throws(
    () => draw({ arrows: [{ from: "a", to: "a" }] }),
    /leads to its own box, expected another one/,
  );
  const wide = named("a", "b", "c").map((box) => ({ ...box, label: "a very long label of a box, indeed" }));
  assert.throws(
    () => draw({ boxes: wide }),
    /the boxes and arrows need \d+ pixels, but the figure has 720; expected shorter/,
  );
  assert.ok(draw({ boxes: wide, width: 1200 }));
});

test("rejects groups without boxes, of unknown boxes, around foreign boxes, and overlapping ones", () => {
  const boxes = named("a", "b", "c");
  const group = (...names: string[]) => ({ label: `g${names.join("")}`, boxes: names });
  assert.throws(() => draw({ boxes, groups: [group()] }), /group "g" has no boxes/);
  assert.throws(
    () => draw({ boxes, groups: [group("q")] }),
    /group "gq" names box "q", expected one of "a", "b", "c"/,
  );
  assert.throws(() => draw({ boxes, groups: [group("a", "c")] }), /frame of group "gac" meets box "b"/);
  assert.throws(() => draw({ boxes, groups: [group("a"), group("a")] }), /groups "ga" and "ga" overlap/);
});
