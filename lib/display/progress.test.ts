import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type Host, host, installHost, type MimeBundle } from "./host";
import { duration, progress, untilDone } from "./progress";

const terminal = host();
afterEach(() => installHost(terminal));

function record(signal = new AbortController().signal) {
  const shown: { bundle: MimeBundle; id?: string; update?: boolean }[] = [];
  const fake: Host = {
    ...terminal,
    display: (bundle, options) => void shown.push({ bundle, ...options }),
    signal,
  };
  installHost(fake);
  return shown;
}

test("progress counts from 1 to n and ends with the duration, in one display", async () => {
  const shown = record();
  const seen: number[] = [];
  for await (const step of progress(5, { label: "counting" })) seen.push(step);
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.match(String(shown.at(-1)!.bundle["text/plain"]), /^counting: 5 steps in .* s \(.* steps\/s\)$/);
  assert.doesNotMatch(String(shown.at(-1)!.bundle["text/plain"]), /e\+/);
  assert.equal(new Set(shown.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    shown.map(({ update }) => update),
    [false, true],
  );
});

test("a long loop shows its rate and the remaining time", async () => {
  const shown = record();
  for await (const _ of progress(12)) {
    const end = performance.now() + 30;
    while (performance.now() < end);
  }
  assert.match(String(shown[1]!.bundle["text/plain"]), /training █*░+ \d+\/12 · [\d.]+ steps\/s · .* s left/);
});

test("an interrupt ends the loop before its next step and reports the completed steps", async () => {
  const controller = new AbortController();
  const shown = record(controller.signal);
  let last = 0;
  const run = async () => {
    for await (const step of progress(100)) {
      last = step;
      if (step === 3) controller.abort();
    }
  };
  await assert.rejects(run, /interrupted after 3 of 100 steps/);
  assert.equal(last, 3);
  assert.match(String(shown.at(-1)!.bundle["text/plain"]), /3 of 100 steps/);
});

test("timers fire while a loop runs", async () => {
  record();
  let fired = false;
  setTimeout(() => {
    fired = true;
  }, 1);
  for await (const _ of progress(5)) {
    const end = performance.now() + 30;
    while (performance.now() < end);
  }
  assert.ok(fired);
});

test("rejects a number of steps that is not an integer ≥ 0", async () => {
  await assert.rejects(async () => {
    for await (const _ of progress(1.5));
  }, /the number of steps is 1.5, expected an integer ≥ 0/);
});

test("durations are formatted in seconds, minutes or hours", () => {
  assert.deepEqual([7.34, 59.4, 245, 7380].map(duration), ["7.3 s", "59 s", "4 min 05 s", "2 h 03 min"]);
});

test("a resumed loop with two steps per iteration shows its own rate, the remaining time and the note", async () => {
  const shown = record();
  const seen: number[] = [];
  let done = 1000;
  for await (const before of untilDone(1010, () => done, { note: () => "loss 0.5" })) {
    seen.push(before);
    done += 2;
    const end = performance.now() + 60;
    while (performance.now() < end);
  }
  assert.deepEqual(seen, [1000, 1002, 1004, 1006, 1008]);
  const [, during] = shown.map(({ bundle }) => String(bundle["text/plain"]));
  assert.match(during!, /\d+\/1010 · [\d.]+ steps\/s · [\d.]+ s left · loss 0\.5/);
  assert.match(
    String(shown.at(-1)!.bundle["text/plain"]),
    /1001 to 1010 steps in [\d.]+ s \(\d\d?(\.\d+)? steps/,
  );
});
