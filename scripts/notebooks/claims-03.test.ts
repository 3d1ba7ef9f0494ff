import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracy, last, range, runsOf, states } from "./testing/claims";

test("03: ranks, the crossing and the accuracies of one epoch", () => {
  const runs = runsOf("03");
  const run = (init: string, hidden: number, seed = 1) =>
    runs.find(({ config: c }) => c["init"] === init && c["hidden"] === hidden && c["seed"] === seed)!;
  const partial = [256, 512, 1024, 2048].map((hidden) => run("Partial_Identity", hidden).final["rank"]);
  const zero = run("ZerO", 1024);
  const crossing = zero.history.filter(({ rank }) => rank! < 784).map(({ step }) => step);
  const percent = (init: string) => accuracy(run(init, 1024)).toFixed(2);
  assert.ok(partial.every((rank) => Number(rank) < 784) && Number(zero.final["rank"]) > 784);
  states(
    "03",
    `end at ${partial[2]} and ${partial[3]}`,
    `between updates ${last(crossing)} and ${last(crossing) + 50} of 938, and ends at ${zero.final["rank"]}`,
    `ZerO comes to ${percent("ZerO")} %, partial identity to ${percent("Partial_Identity")}, OnE to ${percent("OnE")} and Random to ${percent("Random")}`,
    `spread over ${range(
      [1, 2, 3, 4, 5].map((seed) => accuracy(run("Partial_Identity", 256, seed))),
      2,
    )}`,
  );
  states(
    "README",
    `(${partial.slice(0, 3).join(", ")} and ${partial[3]} of 256 to 2048)`,
    `${zero.final["rank"]} of 1024`,
    `${percent("ZerO")} % against ${percent("Partial_Identity")}`,
  );
});
