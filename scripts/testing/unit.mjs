import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * All test files (`x.test.ts`, and `x.test.mjs` beside the scripts) in some folders of a project, in order.
 *
 * @param {string} root The project.
 * @param {string[]} folders Those looked through, with all below them.
 */
export function findTests(root, folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.test\.(ts|mjs)$/.test(file))
      .sort()
      .map((file) => join(folder, file)),
  );
}

/**
 * Counts the tests of a TAP report by its closing summary. A run that ended without one, ran nothing, or failed
 * without a failed test (a file that cannot be loaded, say) counts as a failure.
 *
 * @param {string} tap The report of Node's test runner.
 * @param {number | null} code The runner's exit code; null where a signal ended it.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTap(tap, code) {
  /** @param {string} name */
  const count = (name) => Number(tap.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  const passed = count("pass");
  const failed = count("fail") + count("cancelled");
  return {
    passed,
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: count("skipped"),
  };
}

/**
 * The skipped tests of a TAP report, as lines: each reason, and under it the names of its tests.
 *
 * @param {string} tap The report of Node's test runner.
 */
export function skippedTests(tap) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  for (const [, name, reason] of tap.matchAll(/^ *ok \d+ - (.*?) # SKIP ?(.*)$/gm)) {
    const key = reason || "no reason given";
    names.set(key, [...(names.get(key) ?? []), name]);
  }
  return [...names].flatMap(([reason, tests]) => [`${reason}:`, ...tests.map((name) => `  ${name}`)]);
}
