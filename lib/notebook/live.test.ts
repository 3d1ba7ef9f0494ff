import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { display } from "./display";
import { host, installHost, jupyterDisplay, type MimeBundle } from "./host";
import { live } from "./live";

const terminal = host();
afterEach(() => installHost(terminal));

const interactive = "application/vnd.plotly.v1+json";

interface Shown {
  bundle: MimeBundle;
  id?: string;
  update?: boolean;
}

/** Records what is shown below a cell that `controller` fails or interrupts. */
function record() {
  const shown: Shown[] = [];
  const controller = new AbortController();
  installHost({
    ...terminal,
    display: (bundle, options) => void shown.push({ bundle, ...options }),
    signal: controller.signal,
  });
  return { shown, controller };
}

/** What a front end keeps: the last bundle of each output. */
const kept = (shown: Shown[]) => [...new Map(shown.map(({ id, bundle }) => [id, bundle])).values()];

/** A figure as Jupyter gets it, which says how far the computation has come. */
const figureOf = (state: number) => ({
  [jupyterDisplay]: () => ({
    [interactive]: { data: [state] },
    "image/png": `picture ${state}`,
    "text/plain": `${state}`,
  }),
});

/** Refreshes until something is drawn. */
async function refreshed(figure: { refresh(): Promise<void> }, shown: Shown[]) {
  for (const before = shown.length; shown.length === before; ) {
    await sleep(1);
    await figure.refresh();
  }
}

test("drawing takes at most about a tenth of the time, and the last state is drawn", async () => {
  const { shown } = record();
  let state = 0;
  const drawing = async () => {
    const text = String(state);
    await sleep(10);
    return { "text/plain": text };
  };
  const figure = await live(() => ({ [jupyterDisplay]: drawing }));
  for (state = 1; state <= 60; state++) {
    await sleep(5);
    await figure.refresh();
  }
  assert.ok(shown.length >= 3 && shown.length <= 6, `${shown.length} drawings in 300 ms of work`);
  await figure.finish();
  assert.deepEqual(kept(shown), [{ "text/plain": "61" }]);
});

test("a figure that grows is a picture, and interactive once it is finished", async () => {
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

test("figures of a cell that fails or is interrupted become interactive as they were last drawn", async () => {
  const { shown, controller } = record();
  let state = 0;
  const figures = [await live(() => figureOf(state)), await live(() => figureOf(10 + state))];
  state = 1;
  await refreshed(figures[0]!, shown);
  state = 2;
  controller.abort();
  assert.deepEqual(kept(shown), [figureOf(1)[jupyterDisplay](), figureOf(10)[jupyterDisplay]()]);
});

test("a figure drawn after the interrupt, such as that of a training's last steps, is interactive", async () => {
  const { shown, controller } = record();
  let state = 0;
  const figure = await live(() => figureOf(state));
  controller.abort();
  state = 1;
  await refreshed(figure, shown);
  assert.deepEqual(kept(shown), [figureOf(1)[jupyterDisplay]()]);
  const late = await live(() => figureOf(2));
  assert.deepEqual(kept(shown)[1], figureOf(2)[jupyterDisplay]());
  state = 3;
  await figure.finish();
  await late.finish();
  assert.deepEqual(kept(shown), [figureOf(3)[jupyterDisplay](), figureOf(2)[jupyterDisplay]()]);
});

test("a figure that grows in a later cell follows that cell's interrupt", async () => {
  const { shown } = record();
  const figure = await live(() => figureOf(0));
  const later = new AbortController();
  installHost({ ...host(), signal: later.signal });
  await refreshed(figure, shown);
  later.abort();
  assert.deepEqual(kept(shown), [figureOf(0)[jupyterDisplay]()]);
});

test("a finished figure is shown no more when its cell fails later", async () => {
  const { shown, controller } = record();
  const figure = await live(() => figureOf(0));
  await figure.finish();
  const before = shown.length;
  controller.abort();
  assert.equal(shown.length, before);
});

test("a figure shown once is interactive at once", async () => {
  const { shown } = record();
  await display(figureOf(0));
  assert.deepEqual(
    shown.map(({ bundle }) => bundle),
    [figureOf(0)[jupyterDisplay]()],
  );
});

test("an update is never interactive right after an interactive display, which would ignore it", async () => {
  const { shown, controller } = record();
  const figure = await display(figureOf(0));
  await figure.update(figureOf(1));
  await figure.update(figureOf(2));
  const grown = await live(() => figureOf(3));
  await grown.finish();
  await grown.finish();
  await refreshed(grown, shown);
  controller.abort();
  await grown.finish();
  const last = new Map<string | undefined, boolean>();
  for (const { id, bundle } of shown) {
    const isInteractive = interactive in bundle;
    assert.ok(!(isInteractive && last.get(id)), JSON.stringify(shown.map((one) => one.bundle)));
    last.set(id, isInteractive);
  }
  assert.deepEqual(kept(shown), [figureOf(2)[jupyterDisplay](), figureOf(3)[jupyterDisplay]()]);
});
