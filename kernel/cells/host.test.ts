import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { projectFolder } from "../../lib/notebook/project";
import { Client } from "../testing/client";
import type { Outcome } from "../testing/outcome";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: projectFolder });
});
after(() => client.close());

/** Shows something, and replaces it when the cell fails. */
const shows = `{
  const host = (globalThis as any)[Symbol.for("weightspace.host")];
  const show = (text: string, update: boolean) => host.display({ "text/plain": text }, { id: "figure", update });
  show("growing", false);
  const replace = () => show("whole", true);
  host.onFailure(() => { throw new Error("a callback's own"); });
  host.onFailure(replace);
  host.onFailure(replace);
}
`;

function assertReplacedBeforeError(outcome: Outcome): void {
  const updates = outcome.of("update_display_data");
  assert.deepEqual(
    updates.map((content) => content["data"]["text/plain"]),
    ["whole"],
  );
  const places = ["display_data", "update_display_data", "error", "idle"].map((type) =>
    outcome.types.indexOf(type),
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
    outcome.types.join(" "),
  );
  assert.match(outcome.text("stderr"), /a callback's own/);
}

test("a cell that fails can still replace what it has shown, before its error is reported", async () => {
  assertReplacedBeforeError(await client.execute(`${shows}throw new Error("broken");`));
  assertReplacedBeforeError(await client.execute(`${shows}await Promise.reject(new Error("broken"));`));
});

const loops = [
  "for (;;);",
  "await null; for (;;);",
  "for (;;) await null;",
  "for (;;) await new Promise((r) => setTimeout(r, 5));",
];
for (const loop of loops) {
  test(`a cell that is interrupted in ${loop} can still replace what it has shown, and stops at once`, async () => {
    const outcome = client.begin(shows + loop);
    await client.until(() => outcome.of("display_data").length > 0);
    const start = performance.now();
    client.interrupt();
    assertReplacedBeforeError(await client.settled(outcome));
    assert.equal(outcome.of("error")[0]!["ename"], "Interrupted");
    // The kernel waits ten seconds for a cell that listens to its signal.
    assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`);
  });
}

test("a cell that ends well is not told of a failure", async () => {
  const outcome = await client.execute(`${shows}await null;`);
  assert.equal(outcome.of("update_display_data").length, 0);
  assert.equal(outcome.text("stderr"), "");
});
