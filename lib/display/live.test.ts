import assert from "node:assert/strict";
import { afterEach, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { display } from "./display";
import { type Host, host, installHost, jupyterDisplay, type MimeBundle } from "./host";
import { live } from "./live";

const terminal = host();
afterEach(() => installHost(terminal));

const interactive = "application/vnd.plotly.v1+json";

interface Shown {
  bundle: MimeBundle;
  id?: string;
  update?: boolean;
}

/** Begins a cell and records its displays; `fail` simulates its failure or interrupt. */
function record() {
  const shown: Shown[] = [];
  const display: Host["display"] = (bundle, options) => void shown.push({ bundle, ...options });
  return { shown, fail: beginCell(display) };
}

function beginCell(display: Host["display"]): () => void {
  const callbacks = new Set<() => void>();
  installHost({ ...terminal, display, onFailure: (callback) => callbacks.add(callback) });
  return () => {
    for (const callback of callbacks) callback();
  };
}

/** The last bundle of each output, which is what a front end still shows. */
const kept = (shown: Shown[]) => [...new Map(shown.map(({ id, bundle }) => [id, bundle])).values()];

/** A figure that shows the state of a computation. */
const figureOf = (state: number) => ({
  [jupyterDisplay]: () => ({
    [interactive]: { data: [state] },
    "image/png": `picture ${state}`,
    "text/plain": `${state}`,
  }),
});

/** Refreshes until the figure is drawn. */
async function refreshed(figure: { refresh(): Promise<void> }, shown: Shown[]) {
  for (const before = shown.length; shown.length === before; ) {
    await sleep(1);
    await figure.refresh();
  }
}

/** Runs a computation of 5 ms steps with a live figure that takes `cost` ms to draw, and measures the drawing. */
async function drawings(context: TestContext, { steps, cost }: { steps: number; cost: number }) {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const { shown } = record();
  let state = 0;
  const drawing = async () => {
    now += cost;
    return { "text/plain": String(state) };
  };
  const figure = await live(() => ({ [jupyterDisplay]: drawing }));
  for (state = 1; state <= steps; state++) {
    now += 5;
    await figure.refresh();
  }
  const count = shown.length;
  await figure.finish();
  assert.deepEqual(kept(shown), [{ "text/plain": String(steps + 1) }]);
  return { count, share: (count * cost) / now };
}

test("drawing takes about a tenth of the time, and the final state is drawn", async (context) => {
  const { share } = await drawings(context, { steps: 2000, cost: 10 });
  assert.ok(share > 0.08 && share < 0.1, `${share} of the time`);
});

test("a figure that is slow to draw is redrawn every three seconds", async (context) => {
  const { count } = await drawings(context, { steps: 2000, cost: 1000 });
  assert.equal(count, 1 + 3);
});

test("a live figure is a picture until it is finished, then interactive", async () => {
  const { shown } = record();
  let state = 0;
  const figure = await live(() => figureOf(state));
  for (state = 1; state < 4; state++) await refreshed(figure, shown);
  assert.deepEqual(
    shown.map(({ bundle }) => bundle),
    [0, 1, 2, 3].map((step) => ({ "image/png": `picture ${step}`, "text/plain": `${step}` })),
  );
  await figure.finish();
  assert.deepEqual(kept(shown), [figureOf(4)[jupyterDisplay]()]);
  assert.deepEqual(
    shown.map(({ update }) => update),
    shown.map((_, i) => i > 0),
  );
});

test("if the cell fails or is interrupted, figures become interactive in their last drawn state", async () => {
  const { shown, fail } = record();
  let state = 0;
  const figures = [await live(() => figureOf(state)), await live(() => figureOf(10 + state))];
  for (state = 1; state < 3; state++) await refreshed(figures[0]!, shown);
  fail();
  assert.deepEqual(kept(shown), [figureOf(2)[jupyterDisplay](), figureOf(10)[jupyterDisplay]()]);
});

test("a figure whose drawing throws becomes interactive in its last drawn state", async () => {
  const { shown, fail } = record();
  let state = 0;
  const figure = await live(() => {
    if (state === 1) throw new Error("nothing to draw");
    return figureOf(state);
  });
  state = 1;
  await assert.rejects(figure.finish(), /nothing to draw/);
  fail();
  assert.deepEqual(kept(shown), [figureOf(0)[jupyterDisplay]()]);
});

test("a figure refreshed in a later cell reacts to that cell's failure", async () => {
  const { shown } = record();
  const figure = await live(() => figureOf(0));
  const fail = beginCell(host().display);
  await refreshed(figure, shown);
  fail();
  assert.deepEqual(kept(shown), [figureOf(0)[jupyterDisplay]()]);
});

test("a finished figure is not redisplayed when its cell fails later", async () => {
  const { shown, fail } = record();
  const figure = await live(() => figureOf(0));
  await figure.finish();
  const before = shown.length;
  fail();
  assert.equal(shown.length, before);
});

test("a figure that is displayed once is interactive immediately", async () => {
  const { shown } = record();
  await display(figureOf(0));
  assert.deepEqual(
    shown.map(({ bundle }) => bundle),
    [figureOf(0)[jupyterDisplay]()],
  );
});

test("an interactive display is never directly followed by an interactive update, which it would ignore", async () => {
  const { shown, fail } = record();
  const figure = await display(figureOf(0));
  await figure.update(figureOf(1));
  await figure.update(figureOf(2));
  const grown = await live(() => figureOf(3));
  await grown.finish();
  await grown.finish();
  await refreshed(grown, shown);
  fail();
  await grown.finish();
  const last = new Map<string | undefined, boolean>();
  for (const { id, bundle } of shown) {
    const isInteractive = interactive in bundle;
    assert.ok(!(isInteractive && last.get(id)), JSON.stringify(shown.map((one) => one.bundle)));
    last.set(id, isInteractive);
  }
  assert.deepEqual(kept(shown), [figureOf(2)[jupyterDisplay](), figureOf(3)[jupyterDisplay]()]);
});
