import assert from "node:assert/strict";
import { test } from "node:test";
import { outputOf, range, runsOf, states } from "./testing/claims";

test("04: the covariance, and what the tail of C31's students looks like beside the document's", () => {
  const output = outputOf("04");
  const distance = Number(runsOf("04").find(({ name }) => name === "mnist")!.final["distance"]);
  states("README", `falls to ${distance.toExponential(0)}`);
  const [, print] = output.match(/document's print\s+((?:[\d.]+\s+){6})/)!;
  const rows = [...output.matchAll(/C31, seed \d\s+((?:[\d.]+\s+){6})/g)].map(([, row]) =>
    row!.trim().split(/\s+/).map(Number),
  );
  const document = print!.trim().split(/\s+/).map(Number);
  const atStep4000 = rows.map((row) => row[2]!);
  assert.ok(document[2]! < Math.min(...atStep4000));
  states(
    "04",
    `its loss at step 4000, ${document[2]}, lies below those of the four seeds that learn here, ${range(atStep4000, 3)}`,
  );
});
