import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import { printable } from "../display/printable";
import { installGeometry } from "./svg-geometry";
import { installCanvas } from "./window-canvas";

/** The function of Plotly that is used here. */
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
 * Draws a figure as an SVG document by plotly.js in a separate jsdom window, which is created at the first call and
 * kept. The window has no timers and no network, so it does not keep the process alive, and it adds no globals.
 *
 * The document is reproducible: Plotly's identifiers, which are random in a browser, come from a generator that is
 * reset for each figure. This also keeps jsdom's cache of selectors, and so its memory, from growing.
 *
 * Characters that XML forbids, which Plotly decodes from entities such as `&#27;`, are replaced.
 *
 * @throws Error if Plotly cannot draw the figure, such as one with an axis of denormal numbers.
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

/** Park and Miller's minimal standard generator with the multiplier 48271 of 1993. */
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
  // Makes Plotly draw a heat map with one pixel per cell, to be scaled without smoothing.
  window.CSS = { supports: () => true };
  // Plotly reads only the elements' own styles; jsdom's implementation takes milliseconds.
  window.getComputedStyle = (element: { style: unknown }) => element.style;
  return window;
}

/**
 * Evaluates plotly.js as a function whose parameters are the browser globals that it expects. It runs in Node's realm,
 * so that its arrays and errors are Node's, and lookups of `Array` do not go through jsdom's slow global object.
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
