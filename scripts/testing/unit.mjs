import { readdirSync } from "node:fs";
import { join } from "node:path";

/** All test files (`x.test.ts`, and `x.test.mjs` beside the scripts) in some folders of a project, in order. */
export function findTests(root, folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
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
 * @param {number} code The runner's exit code.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTap(tap, code) {
  const count = (name) => Number(tap.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  const passed = count("pass");
  const failed = count("fail") + count("cancelled");
  return {
    passed,
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: count("skipped"),
  };
}

/** The skipped tests of a TAP report, as lines: each reason, and under it the names of its tests. */
export function skippedTests(tap) {
  const names = new Map();
  for (const [, name, reason] of tap.matchAll(/^ *ok \d+ - (.*?) # SKIP ?(.*)$/gm)) {
    const key = reason || "no reason given";
    names.set(key, [...(names.get(key) ?? []), name]);
  }
  return [...names].flatMap(([reason, tests]) => [`${reason}:`, ...tests.map((name) => `  ${name}`)]);
}
