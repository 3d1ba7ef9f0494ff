import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { after, before, test } from "node:test";
import { endMark } from "../link/end-mark";
import { Client } from "../testing/client";
import { StrayOutput } from "./stray-output";

test("marks are found and taken out, however the pipe cuts them; all else arrives in order", async () => {
  const bytes = Buffer.from(
    `one é𝜃\n${endMark(1)}${endMark(2)}two\u0000three\u0000\u0001four${endMark(31)}five`,
  );
  for (const size of [1, 2, 3, 7, 20, bytes.length]) {
    const pipe = new PassThrough();
    let text = "";
    const stray = new StrayOutput(pipe, (piece) => (text += piece));
    const reached = stray.upTo(31);
    for (let start = 0; start < bytes.length; start += size) pipe.write(bytes.subarray(start, start + size));
    await reached;
    assert.ok("one é𝜃\ntwo\u0000three\u0000\u0001fourfive".startsWith(text), JSON.stringify(text));
    assert.ok(text.includes("four"), `pieces of ${size} bytes`);
  }
});

let client: Client;
before(async () => {
  client = await Client.start({ cwd: __dirname });
});
after(() => client.close());

const past: [how: string, code: string, stream: "stdout" | "stderr"][] = [
  ["a file descriptor", 'require("fs").writeSync(1, "past\\n");', "stdout"],
  ["the file descriptor of errors", 'require("fs").writeSync(2, "past\\n");', "stderr"],
  ["a shell", 'require("child_process").execSync("echo past", { stdio: "inherit" });', "stdout"],
  [
    "a program that is not waited for in its call",
    'await new Promise((r) => require("child_process").spawn("echo", ["past"], { stdio: "inherit" }).on("exit", r));',
    "stdout",
  ],
  [
    "a worker",
    'await new Promise((r) => new (require("worker_threads").Worker)("console.log(\\"past\\")", { eval: true }).on("exit", r)); await new Promise((r) => setTimeout(r, 20));',
    "stdout",
  ],
];
for (const [how, code, stream] of past) {
  test(`what a cell writes through ${how} is in the cell's output, before its reply`, async () => {
    const outcome = await client.execute(`console.log("before");\n${code}`);
    assert.deepEqual(outcome.of("error"), []);
    const lines = outcome.text(stream).split("\n");
    assert.ok(lines.includes("past"), outcome.text(stream));
  });
}

test("a cell that closes its standard output still ends, and the next one prints", async () => {
  await client.execute('require("fs").closeSync(1);');
  assert.equal((await client.execute('console.log("still");')).text("stdout"), "still\n");
});
