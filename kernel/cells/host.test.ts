import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { projectFolder } from "../../lib/notebook/project";
import { Client } from "../testing/client";
import type { Outcome } from "../testing/outcome";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: projectFolder });
});
after(() => client.close());

/** Shows something, and replaces it when the signal of the host is aborted. */
const shows = `{
  const host = (globalThis as any)[Symbol.for("weightspace.host")];
  const show = (text: string, update: boolean) => host.display({ "text/plain": text }, { id: "figure", update });
  show("growing", false);
  host.signal.addEventListener("abort", () => show("whole", true));
}
`;

function assertReplacedBeforeError({ published }: Outcome): void {
  const types = published.map(({ header }) => header.msg_type);
  const updates = published.filter(({ header }) => header.msg_type === "update_display_data");
  assert.deepEqual(
    updates.map(({ content }) => content.data["text/plain"]),
    ["whole"],
  );
  const [update, error] = [types.indexOf("update_display_data"), types.indexOf("error")];
  assert.ok(types.indexOf("display_data") < update && update < error, types.join(" "));
}

/** Interrupts a cell that runs. */
async function interrupted(code: string): Promise<Outcome> {
  const outcome = client.execute(code);
  await sleep(300);
  client.process.kill("SIGINT");
  return outcome;
}

test("a cell that fails can still show something: its signal is aborted before its error", async () => {
  assertReplacedBeforeError(await client.execute(`${shows}throw new Error("broken");`));
  assertReplacedBeforeError(await client.execute(`${shows}await Promise.reject(new Error("broken"));`));
});

test("a cell that is interrupted can still show something, in whichever loop it is", async () => {
  assertReplacedBeforeError(await interrupted(`${shows}for (;;);`));
  assertReplacedBeforeError(
    await interrupted(`${shows}for (;;) await new Promise((r) => setTimeout(r, 5));`),
  );
});

test("a cell that ends well is not aborted", async () => {
  const outcome = await client.execute(`${shows}await null;`);
  assert.equal(outcome.of("update_display_data").length, 0);
});
