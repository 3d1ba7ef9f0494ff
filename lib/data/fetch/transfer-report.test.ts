import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleReport, lineReport } from "./transfer-report";

test("without a terminal, progress is a line at each quarter", () => {
  const lines: string[] = [];
  const report = lineReport((line) => lines.push(line));
  for (let received = 1e6; received <= 10e6; received += 1e6) report.progress("x", received, 10e6);
  assert.deepEqual(lines, [
    "x: 25 % of 10.0 MB",
    "x: 50 % of 10.0 MB",
    "x: 75 % of 10.0 MB",
    "x: 100 % of 10.0 MB",
  ]);
});

test("without a terminal, progress of unknown length is silent", () => {
  const lines: string[] = [];
  lineReport((line) => lines.push(line)).progress("x", 5, Number.NaN);
  assert.deepEqual(lines, []);
});

test("on a terminal, progress is a bar drawn over itself that ends with its line", () => {
  let written = "";
  const terminal = { isTTY: true, write: (text: string) => (written += text) };
  const report = consoleReport(terminal as unknown as NodeJS.WriteStream);
  report.progress("x", 5e6, 10e6);
  report.progress("x", 10e6, 10e6);
  const half = `x [${"#".repeat(15)}${".".repeat(15)}] 5.0 of 10.0 MB`;
  const whole = `x [${"#".repeat(30)}] 10.0 of 10.0 MB`;
  assert.equal(written, `\r\x1b[K${half}\r\x1b[K${whole}\n`);
});
