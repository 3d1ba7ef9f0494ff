import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import { printable } from "../display/printable";
import { installGeometry } from "./svg-geometry";
import { installCanvas } from "./window-canvas";

/** What is used of Plotly. */
interface Plotly {
  toImage(
    figure: { data: object[]; layout: object },
    options: { format: "svg"; imageDataOnly: true },
  ): Promise<string>;
}

let plotly: Plotly | undefined;
let lastDrawing: Promise<unknown> = Promise.resolve();
let randomState = 1;

/**
 * The SVG document of a figure, drawn by plotly.js in a jsdom window of its own, which is loaded at the first call
 * and kept. The window has no timers and no network, so it does not keep the process alive, and nothing of it
 * becomes global.
 *
 * The same figure gives the same document: Plotly's identifiers, which are random in a browser, start anew with each
 * figure. It also keeps jsdom's cache of selectors, and with it memory, from growing.
 *
 * Characters that XML does not allow, which Plotly makes of entities such as `&#27;`, are replaced.
 *
 * @throws Error for what Plotly cannot draw, such as an axis of denormal numbers.
 */
export async function plotlySvg(figure: { data: object[]; layout: object }): Promise<string> {
  const drawing = lastDrawing.then(() => {
    plotly ??= evaluatePlotly(openWindow());
    randomState = 1;
    return plotly.toImage(figure, { format: "svg", imageDataOnly: true });
  });
  lastDrawing = drawing.catch(() => {});
  try {
    return printable(await drawing);
  } catch (error) {
    throw new Error(`Plotly cannot draw the figure: ${(error as Error).message}`, { cause: error });
  }
}

/** Park and Miller's minimal generator, with their multiplier of 1993. */
function random(): number {
  randomState = (randomState * 48271) % 2147483647;
  return randomState / 2147483647;
}

type Window = Record<string, unknown> & {
  SVGElement: { prototype: object };
  HTMLCanvasElement: { prototype: object };
};

function openWindow(): Window {
  const { JSDOM, VirtualConsole } = require("jsdom");
  const silent = new VirtualConsole();
  const { window } = new JSDOM("<!DOCTYPE html><body></body>", { virtualConsole: silent });
  installGeometry(window);
  installCanvas(window);
  // Lets Plotly draw a heat map with one pixel a cell, to be scaled without smoothing.
  window.CSS = { supports: () => true };
  // Plotly asks only for what the picture's elements state themselves; jsdom's own answer takes milliseconds.
  window.getComputedStyle = (element: { style: unknown }) => element.style;
  return window;
}

/**
 * plotly.js expects a browser's globals: they are its function's parameters. It runs in Node's own realm, so that
 * its arrays and errors are ours, and lookups of `Math` or `Array` do not go through jsdom's slow global object.
 */
function evaluatePlotly(window: Window): Plotly {
  const file = require.resolve("plotly.js-dist");
  const interfaces = Object.getOwnPropertyNames(window).filter(
    (name) => /^[A-Z]\w*$/.test(name) && !(name in globalThis),
  );
  const names = ["window", "self", "document", "navigator", "getComputedStyle", ...interfaces];
  const module = { exports: {} };
  const math = Object.create(Math, { random: { value: random } });
  const evaluate = compileFunction(readFileSync(file, "utf8"), ["module", "Math", ...names], {
    filename: file,
  });
  evaluate(module, math, ...names.map((name) => window[name]));
  return module.exports as Plotly;
}
