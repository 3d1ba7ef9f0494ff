import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Segment, Streams } from "./streams";

function collect() {
  const delivered: Segment<string>[] = [];
  return { delivered, streams: new Streams<string>((segment) => delivered.push(segment)) };
}

test("whatever is written, each stream of each owner arrives whole and in order", () => {
  const write = fc.record({
    name: fc.constantFrom("stdout" as const, "stderr" as const),
    owner: fc.constantFrom("a", "b"),
    text: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 600 }), (writes) => {
      const { delivered, streams } = collect();
      for (const { name, owner, text } of writes) streams.write(name, owner, text);
      streams.flush();
      const textOf = (segments: Segment<string>[], stream: string, whose: string) =>
        segments
          .filter(({ name, owner }) => name === stream && owner === whose)
          .map(({ text }) => text)
          .join("");
      for (const stream of ["stdout", "stderr"]) {
        for (const whose of ["a", "b"]) {
          assert.equal(textOf(delivered, stream, whose), textOf(writes, stream, whose));
        }
      }
    }),
  );
});

test("the first lines go out at once, a flood in few messages", () => {
  const { delivered, streams } = collect();
  streams.write("stdout", "a", "first\n");
  assert.deepEqual(
    delivered.map(({ text }) => text),
    ["first\n"],
  );
  for (let i = 0; i < 10000; i++) streams.write("stdout", "a", `${i}\n`);
  streams.flush();
  assert.ok(delivered.length < 60, `${delivered.length} messages`);
});

test("what is left is passed on after a pause, without another write", async () => {
  const { delivered, streams } = collect();
  for (let i = 0; i < 100; i++) streams.write("stdout", "a", `${i}\n`);
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal(delivered.at(-1)!.text.endsWith("99\n"), true);
});
