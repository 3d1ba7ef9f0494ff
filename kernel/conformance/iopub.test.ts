import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "../testing/client";
import { within } from "../testing/deadline";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: __dirname });
});
after(() => client.close());

const welcomes = ({ stray }: Client) => stray.filter(({ header }) => header.msg_type === "iopub_welcome");

test("a client that subscribes is welcomed, with an empty parent and the topic it subscribed to", async () => {
  await within(
    2000,
    "the welcome",
    client.until(() => welcomes(client).length > 0),
  );
  const [welcome] = welcomes(client);
  assert.deepEqual(welcome!.content, { subscription: "" });
  assert.deepEqual(welcome!.parent, {});
  assert.deepEqual(welcome!.metadata, {});
});

test("a second client is welcomed too, also while a cell prints", async () => {
  const printing = client.begin(
    "for (let i = 0; i < 50; i++) { console.log(i); await new Promise((r) => setTimeout(r, 10)); }",
  );
  await client.until(() => printing.of("stream").length > 0);
  const second = await client.another();
  try {
    await within(
      2000,
      "the welcome",
      second.until(() => welcomes(second).length > 0),
    );
    await client.settled(printing);
  } finally {
    second.disconnect();
  }
});

test("every client sees what any of them executes, and only the asker gets the reply", async () => {
  const second = await client.another();
  try {
    const { request, reply } = await client.execute("console.log('for all'); 1");
    assert.equal(reply.status, "ok");
    const seen = () => second.stray.filter(({ parent }) => parent.msg_id === request.header.msg_id);
    const isIdle = () => seen().some(({ content }) => content["execution_state"] === "idle");
    await within(2000, "the other client's idle", second.until(isIdle));
    assert.deepEqual(
      seen().map(({ header }) => header.msg_type),
      ["status", "execute_input", "stream", "execute_result", "status"],
    );
    for (const { parent } of seen()) assert.deepEqual(parent, request.header);
  } finally {
    second.disconnect();
  }
});

test("a message's topic is its type", async () => {
  const { published } = await client.execute("console.log(1); 2");
  for (const { identities, header } of published) {
    assert.deepEqual(identities.map(String), [header.msg_type]);
  }
});
