import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { Client } from "../testing/client";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: tmpdir() });
});
after(() => client.close());

const smiley = "😀 €uro";
const bytes = [...Buffer.from(smiley)];

/** Code that writes to a stream. */
const sequences: Record<string, string> = {
  "the bytes of signs one by one": `for (const byte of [${bytes}]) process.stdout.write(Uint8Array.of(byte));`,
  "a sign cut by an empty write":
    "process.stdout.write(Buffer.from([0xe2])); process.stdout.write(''); process.stdout.write(Buffer.from([0x82, 0xac]));",
  "a sign whose rest never comes":
    "process.stdout.write(Buffer.from([0xe2, 0x82])); process.stdout.write('text');",
  hex: "process.stdout.write('414243', 'hex');",
  "hex of a cut sign": "process.stdout.write('e2', 'hex'); process.stdout.write('82ac', 'hex');",
  base64: "process.stdout.write('Z3LDvMOf', 'base64'); process.stdout.write('Z3LDvMOf', 'base64url');",
  "UTF-16": "process.stdout.write('ab', 'utf16le');",
  "Latin-1": "process.stdout.write('é', 'latin1'); process.stdout.write('!', 'latin1');",
  "bytes that are no text":
    "process.stdout.write(Buffer.from([0xff, 0x41, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0x42]));",
  "halves of a surrogate pair": "process.stdout.write('\\ud83d'); process.stdout.write('\\ude00 a\\ud800b');",
  "a byte order mark": "process.stdout.write('\\ufefftext');",
  "a view of bytes": "process.stdout.write(Buffer.from('abcdef').subarray(1, 4));",
  "console.log of all": `console.log("%s %o", "a\\ud800", new Uint8Array(3), ${JSON.stringify(smiley)});`,
};

test("what is written to standard output, in any encoding and cut anywhere, is shown as Node writes it to a pipe", async () => {
  const separator = "process.stdout.write('|');\n";
  const node = spawnSync(process.execPath, ["-e", Object.values(sequences).join(separator)]);
  const expected = node.stdout.toString().split("|");
  for (const [i, [name, code]] of Object.entries(sequences).entries()) {
    const outcome = await client.execute(code);
    assert.equal(outcome.text("stdout"), expected[i], name);
  }
});

test("each stream keeps the cut signs of its own", async () => {
  const outcome = await client.execute(
    "process.stdout.write(Buffer.from([0xe2, 0x82])); process.stderr.write(Buffer.from([0xc3])); process.stdout.write(Buffer.from([0xac])); process.stderr.write(Buffer.from([0xbc]));",
  );
  assert.deepEqual([outcome.text("stdout"), outcome.text("stderr")], ["€", "ü"]);
});

test("what is neither text nor bytes, and an unknown encoding, is refused with Node's codes", async () => {
  const codes = {
    "5": "ERR_INVALID_ARG_TYPE",
    null: "ERR_STREAM_NULL_VALUES",
    '"a", "morse"': "ERR_UNKNOWN_ENCODING",
  };
  for (const [given, code] of Object.entries(codes)) {
    const outcome = await client.execute(`(process.stdout as any).write(${given})`);
    assert.ok(outcome.of("error")[0]?.["traceback"].join("\n").includes(`code: '${code}'`), given);
  }
  assert.equal((await client.execute("console.log(1)")).text("stdout"), "1\n");
});
