import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Dealer, Subscriber } from "zeromq";
import { freePorts } from "../testing/connection";
import { Channels } from "./channels";
import { InputCancelled } from "./input";
import { type Content, type Message, Wire } from "./wire";

const key = "secret";
const wire = new Wire(key);
const refused: string[] = [];
let address: (port: "shell_port" | "stdin_port" | "iopub_port") => string;
let channels: Channels;
/** A front end's shell and stdin sockets, which share a routing identity. */
let shell: Dealer;
let stdin: Dealer;

before(async () => {
  const ports = await freePorts();
  const connection = { transport: "tcp", ip: "127.0.0.1", key, ...ports };
  address = (port) => `tcp://127.0.0.1:${ports[port]}`;
  channels = new Channels(connection, (error) => refused.push(error.message));
  await channels.open();
  [shell, stdin] = [connect("front end", "shell_port"), connect("front end", "stdin_port")];
});
after(() => {
  channels.close();
  shell.close();
  stdin.close();
});

function connect(routingId: string, port: "shell_port" | "stdin_port"): Dealer {
  const socket = new Dealer({ routingId, linger: 0 });
  socket.connect(address(port));
  return socket;
}

async function received(socket: Dealer | Subscriber): Promise<Message> {
  return wire.decode((await socket.receive()) as Buffer[]);
}

/** A request as it arrives at the kernel, which then knows that this front end is connected. */
async function requestFrom(socket: Dealer): Promise<Message> {
  await socket.send(wire.encode(wire.compose("execute_request", undefined, { code: "prompt()" }, [])));
  const { value } = await channels.requests("shell").next();
  return value as Message;
}

const answer = (socket: Dealer, content: Content, question?: Message) =>
  socket.send(wire.encode(wire.compose("input_reply", question, content, [])));

/** Waits until this many more messages have been refused. */
async function refusals(count: number, work: () => Promise<void>): Promise<string[]> {
  const start = refused.length;
  await work();
  while (refused.length < start + count) await new Promise(setImmediate);
  return refused.slice(start);
}

test("each new subscriber is welcomed with its topic, and misses nothing that is published from then on", async () => {
  for (const topic of ["", "", "stream", "é"]) {
    const subscriber = new Subscriber({ linger: 0 });
    subscriber.connect(address("iopub_port"));
    subscriber.subscribe(topic);
    const frames = (await subscriber.receive()) as Buffer[];
    assert.equal(String(frames[0]), topic);
    const { header, parent, content, metadata } = wire.decode(frames);
    assert.equal(header.msg_type, "iopub_welcome");
    assert.deepEqual([parent, content, metadata], [{}, { subscription: topic }, {}]);
    channels.publish(topic || "status", undefined, { published: topic });
    assert.deepEqual((await received(subscriber)).content, { published: topic });
    subscriber.close();
  }
});

test("a topic that is no UTF-8 is not welcomed, and the next one is", async () => {
  const subscriber = new Subscriber({ linger: 0 });
  subscriber.connect(address("iopub_port"));
  subscriber.subscribe(Buffer.from([0xff]));
  subscriber.subscribe("iopub");
  const frames = (await subscriber.receive()) as Buffer[];
  assert.deepEqual(wire.decode(frames).content, { subscription: "iopub" });
  subscriber.close();
});

test("subscribers are welcomed in the midst of a flood of output", async () => {
  let isOver = false;
  const flood = (async () => {
    while (!isOver) {
      for (let i = 0; i < 20; i++) channels.publish("stream", undefined, { text: "flood" });
      await new Promise(setImmediate);
    }
  })();
  for (let i = 0; i < 20; i++) {
    const subscriber = new Subscriber({ linger: 0 });
    subscriber.connect(address("iopub_port"));
    subscriber.subscribe("iopub_welcome");
    assert.equal((await received(subscriber)).header.msg_type, "iopub_welcome");
    subscriber.close();
  }
  isOver = true;
  await flood;
});

test("input is asked of the front end that sent the request, and its answer is returned", async () => {
  const other = connect("other front end", "stdin_port");
  const parent = await requestFrom(shell);
  const line = channels.requestInput(parent, { prompt: "Name: " });
  const question = await received(stdin);
  assert.equal(question.header.msg_type, "input_request");
  assert.deepEqual(question.parent, parent.header);
  assert.deepEqual(question.content, { prompt: "Name: ", password: false });
  await answer(stdin, { value: "Ada 🎉" }, question);
  assert.equal(await line, "Ada 🎉");
  other.close();
});

test("a password is asked for as one, and an answer without a parent header is taken", async () => {
  const line = channels.requestInput(await requestFrom(shell), { prompt: "Key: ", password: true });
  assert.deepEqual((await received(stdin)).content, { prompt: "Key: ", password: true });
  await answer(stdin, { value: "" });
  assert.equal(await line, "");
});

test("questions are put one after the other", async () => {
  const parent = await requestFrom(shell);
  const lines = ["a", "b"].map((prompt) => channels.requestInput(parent, { prompt }));
  const first = await received(stdin);
  assert.equal(first.content["prompt"], "a");
  await answer(stdin, { value: "1" }, first);
  const second = await received(stdin);
  assert.equal(second.content["prompt"], "b");
  await answer(stdin, { value: "2" }, second);
  assert.deepEqual(await Promise.all(lines), ["1", "2"]);
});

test("cancelling gives up on all questions, and their answers are dropped", async () => {
  const parent = await requestFrom(shell);
  const lines = ["a", "b"].map((prompt) => channels.requestInput(parent, { prompt }));
  const cancelled = lines.map((line) => assert.rejects(line, InputCancelled));
  const stale = await received(stdin);
  channels.cancelInput();
  await Promise.all(cancelled);
  const late = () => answer(stdin, { value: "late" }, stale);
  assert.match((await refusals(1, late))[0]!, /input_reply answers no open question/);
  const next = channels.requestInput(parent, { prompt: "c" });
  const question = await received(stdin);
  assert.equal(question.content["prompt"], "c");
  assert.equal((await refusals(1, late)).length, 1);
  await answer(stdin, { value: "in time" }, question);
  assert.equal(await next, "in time");
});

test("another front end's answer, a second answer and noise on stdin are dropped", async () => {
  const other = connect("other front end", "stdin_port");
  const line = channels.requestInput(await requestFrom(shell), { prompt: "?" });
  const question = await received(stdin);
  const reasons = await refusals(3, async () => {
    await answer(other, { value: "not yours" }, question);
    await stdin.send(wire.encode(wire.compose("comm_msg", question, { value: "no answer" }, [])));
    await stdin.send("noise");
  });
  assert.equal(reasons.length, 3);
  await answer(stdin, { value: "mine" }, question);
  assert.equal(await line, "mine");
  assert.equal((await refusals(1, () => answer(stdin, { value: "again" }, question))).length, 1);
  other.close();
});

test("a front end without a stdin channel is told apart, and does not hold up the next question", async () => {
  const silent = connect("shell only", "shell_port");
  const [unheard, heard] = [await requestFrom(silent), await requestFrom(shell)];
  const refusal = assert.rejects(channels.requestInput(unheard, { prompt: "?" }), /has no stdin channel/);
  const line = channels.requestInput(heard, { prompt: "!" });
  await refusal;
  await answer(stdin, { value: "here" }, await received(stdin));
  assert.equal(await line, "here");
  silent.close();
});

test("a front end that connects anew under its identity is heard and answered", async () => {
  const again = connect("front end", "shell_port");
  const request = await requestFrom(again);
  channels.reply("shell", request, { status: "ok" });
  assert.deepEqual((await received(again)).parent, request.header);
  again.close();
});
