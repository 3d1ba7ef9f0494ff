import { existsSync, readFileSync } from "node:fs";
import { decodeSafetensors } from "../../lib/checkpoint/safetensors";
import type { FinishedRun } from "../../lib/experiment/finished-run";

/** A finished run but for what depends on when and by whom it was trained. */
export function lasting({ name, key, config, history, final, log, backend }: FinishedRun) {
  return { name, key, config, history, final, log, backend };
}

/**
 * How two values differ, as JSON; empty where they do not.
 *
 * @param what Names them.
 */
export function differenceOf(what: string, got: unknown, expected: unknown): string[] {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a === b) return [];
  let at = 0;
  while (a?.[at] === b?.[at]) at++;
  const excerpt = (text: string | undefined) => text?.slice(Math.max(0, at - 40), at + 40) ?? "nothing";
  return [`${what} differs: got …${excerpt(a)}…, expected …${excerpt(b)}…`];
}

/**
 * How the tensors of two kept models, and the run that their files tell of, differ; measured times do not count.
 *
 * @param paths Their files.
 */
export function modelDifferences(what: string, paths: { got: string; expected: string }): string[] {
  if (!existsSync(paths.got)) return [`${what} has no model`];
  const [got, expected] = [contentOf(paths.got), contentOf(paths.expected)];
  const arrays = new Set([...Object.keys(got.arrays), ...Object.keys(expected.arrays)]);
  return [
    ...differenceOf(`${what}: the model's metadata`, got.metadata, expected.metadata),
    ...[...arrays].flatMap((name) =>
      differenceOf(`${what}: the model's ${name}`, got.arrays[name], expected.arrays[name]),
    ),
  ];
}

function contentOf(path: string) {
  const { state, metadata } = decodeSafetensors(readFileSync(path));
  const { progress = "{}", ...others } = metadata;
  const { history, log } = JSON.parse(progress);
  // The last array is a hash of the file, measured times included.
  const arrays = Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name !== "__sha256__")
      .map(([name, { shape, values }]) => {
        const { buffer, byteOffset, byteLength } = values;
        const bytes = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
        return [name, { shape, type: values.constructor.name, bytes }];
      }),
  );
  return { arrays, metadata: { ...others, history, log } };
}
