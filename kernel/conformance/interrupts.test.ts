import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, type TestContext, test } from "node:test";
import { Client, type InterruptMode } from "../testing/client";
import { within } from "../testing/deadline";
import { interrupted } from "../testing/interrupted";
import type { Outcome } from "../testing/outcome";

const notebooks = join(__dirname, "..", "..", "notebooks");
const seed = 20_261_119;
/** How long an interrupted cell may take to end, in milliseconds. */
const patience = 2000;
/** How long the next cell may take on a busy machine, in milliseconds; it answers at once or never. */
const nextPatience = 10_000;
const modes: InterruptMode[] = ["signal", "message"];

/** Numbers in [0, 1) that are the same in each run, from the Lehmer generator of Park and Miller. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
const random = randomNumbers(seed);

interface Kind {
  name: string;
  /** A cell that never ends by itself. */
  code: string;
  /** How many of these cells are interrupted; 100 in all. */
  count: number;
  /** The time from the cell's start to the interrupt, in milliseconds. */
  from: number;
  to: number;
}

const kind = (name: string, code: string, count = 5, from = 2, to = 300): Kind => ({
  name,
  code,
  count,
  from,
  to,
});

const kinds: Kind[] = [
  kind(
    "while a cell with the library's import is compiled",
    'import { MLP, spectrum } from "../lib";\nfor (;;);',
    20,
    2,
    60,
  ),
  kind(
    "in a compiled training",
    `const parameters = { w: tf.variable(tf.zeros([64, 10])) };
    const optimizer = new SGD(parameters, { lr: 0.1 });
    const x = tf.ones<tf.Rank.R2>([256, 64]);
    const train = compile(() => {
      const { loss, gradients } = optimizer.differentiate(() => x.matMul<tf.Tensor>(parameters.w).square().mean<tf.Scalar>());
      optimizer.step(gradients);
      return loss;
    });
    for (;;) tf.tidy(() => train().dataSync());`,
    10,
    2,
    600,
  ),
  kind(
    "in the library's SVD",
    "for (;;) svd(new Matrix(Array.from({ length: 120 }, (_, i) => Array.from({ length: 120 }, (_, j) => Math.sin(i * j)))));",
  ),
  kind("in a synchronous loop", "let turns = 0; for (;;) turns++;"),
  kind("in a loop that catches everything", "for (;;) { try { for (;;); } catch {} }"),
  kind("in a finally block", "try { for (;;); } finally { for (;;); }"),
  kind("in a chain of promises", "for (;;) await null;"),
  kind("at a thenable that never ends", "await ({ then() {} } as unknown);"),
  kind("at thenables without end", "for (;;) await { then(next: (value: null) => void) { next(null); } };"),
  kind("at a promise that never settles", "await new Promise(() => {});"),
  kind(
    "in a display method that never ends",
    '({ [Symbol.for("Jupyter.display")]: () => new Promise(() => {}) })',
  ),
  kind(
    "in process.nextTick without end",
    "const tick = (): void => process.nextTick(tick); tick(); await new Promise(() => {});",
  ),
  kind(
    "in setImmediate without end",
    "const soon = (): unknown => setImmediate(soon); soon(); await new Promise(() => {});",
  ),
  kind("in a loop of timers", "for (;;) await new Promise((next) => setTimeout(next, 5));"),
  kind("in a catastrophic regular expression", '/^(a+)+$/.test("a".repeat(64) + "b");'),
  kind(
    "in JSON and sorting",
    "for (;;) JSON.parse(JSON.stringify(Array.from({ length: 20_000 }, Math.random).sort()));",
  ),
  kind("in a program started by execSync", 'require("node:child_process").execSync("sleep 30");', 4),
];

const latencies: { name: string; mode: InterruptMode; latency: number }[] = [];
let kernel: Client | undefined;

before(() =>
  assert.equal(
    kinds.reduce((sum, { count }) => sum + count, 0),
    104,
  ),
);
afterEach(async () => {
  // If a cell did not end, the next kind gets a new kernel.
  const next = kernel?.execute("1").then(({ reply }) => reply.status === "ok");
  if (next && (await within(nextPatience, "the next cell", next).catch(() => false))) return;
  kernel?.signal("SIGKILL");
  await kernel?.close();
  kernel = undefined;
});
after(() => kernel?.close());

/** A kernel with the library loaded and a variable that must survive all interrupts. */
async function warmKernel(): Promise<Client> {
  const client = await Client.start({ cwd: notebooks });
  const { reply } = await client.execute(
    'import { compile, SGD, svd, tf } from "../lib";\nimport { Matrix } from "ml-matrix";\nconst kept = { value: 0 };',
  );
  assert.equal(reply.status, "ok", reply["evalue"]);
  return client;
}

for (const { name, code, count, from, to } of kinds) {
  test(`${count} interrupts ${name} are heard`, async () => {
    kernel ??= await warmKernel();
    const start = Number((await kernel.execute("kept.value")).result);
    for (let i = 1; i <= count; i++) {
      const mode = modes[i % 2]!;
      const moment = Math.round(from + random() * (to - from));
      const { outcome, latency } = await interrupted(kernel, code, { mode, after: moment, patience });
      const [error] = outcome.of("error");
      assert.equal(
        error?.["ename"],
        "Interrupted",
        `by ${mode} after ${moment} ms: ${JSON.stringify(outcome.reply)}`,
      );
      assert.equal(outcome.reply.status, "error");
      latencies.push({ name, mode, latency });
      const next: Outcome = await within(nextPatience, "the next cell", kernel.execute("++kept.value"));
      assert.equal(next.result, `${start + i}`, "the next cell and its variable");
    }
  });
}

test("an interrupt turns away the cells that wait", async () => {
  kernel ??= await warmKernel();
  const waiting: ReturnType<Client["execute"]>[] = [];
  const running = interrupted(kernel, 'console.log("on"); for (;;);', { after: "on" });
  waiting.push(kernel.execute("1"), kernel.execute("2"));
  assert.equal((await running).outcome.reply.ename, "Interrupted");
  const replies = await within(nextPatience, "the waiting cells", Promise.all(waiting));
  assert.deepEqual(
    replies.map(({ reply }) => reply.status),
    ["aborted", "aborted"],
  );
});

test("an interrupt while no cell runs does nothing to the next one", async () => {
  kernel ??= await warmKernel();
  for (const mode of modes) {
    kernel.interrupt(mode);
    // A signal is not acknowledged; it has arrived once the kernel has answered a later request.
    for (let i = 0; i < 2; i++) await kernel.request("kernel_info_request", {}, "control");
    const outcome = await kernel.execute("await new Promise((r) => setTimeout(r, 50)); 'ran'");
    assert.equal(outcome.result, "'ran'", mode);
  }
});

test("what an interrupted cell has started does not go on", async () => {
  kernel ??= await warmKernel();
  const code = `const went = { ticks: 0, timers: 0 };
    const immediately = () => { went.ticks++; setImmediate(immediately); };
    immediately();
    setInterval(() => went.timers++, 1);
    console.log("on");
    for (;;) await new Promise((next) => setTimeout(next, 1));`;
  await interrupted(kernel, code, { after: "on" });
  const first = (await kernel.execute("JSON.stringify(went)")).result;
  const later = await kernel.execute("await new Promise((r) => setTimeout(r, 100)); JSON.stringify(went)");
  assert.equal(later.result, first);
});

test("latencies of the interrupts above", (context: TestContext) => {
  for (const mode of modes) {
    const sorted = latencies.filter((entry) => entry.mode === mode).sort((a, b) => a.latency - b.latency);
    if (sorted.length === 0) continue;
    const median = sorted[sorted.length >> 1]!.latency.toFixed(0);
    const { latency, name } = sorted.at(-1)!;
    context.diagnostic(
      `${sorted.length} by ${mode}: median ${median} ms, max ${latency.toFixed(0)} ms (${name})`,
    );
  }
});
