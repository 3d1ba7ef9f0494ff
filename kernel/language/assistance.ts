import type { Content } from "../protocol/wire";
import type { Compiler } from "./compiler";

/** Answers `complete_request`: names that fit at the cursor, with their kinds for JupyterLab. */
export function complete(compiler: Compiler, declarations: string, { code, cursor_pos }: Content): Content {
  const { start, end, candidates, original } = compiler.complete(
    declarations,
    code,
    toUnits(code, cursor_pos),
  );
  const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind as string]));
  const [cursor_start, cursor_end] = [toPoints(code, start), toPoints(code, end)];
  const types = candidates.map((text) => ({
    text,
    type: kinds.get(text) ?? "",
    start: cursor_start,
    end: cursor_end,
  }));
  const metadata = { _jupyter_types_experimental: types };
  return { status: "ok", matches: candidates, cursor_start, cursor_end, metadata };
}

/** Answers `inspect_request`: type and documentation of the name at the cursor. */
export function inspect(compiler: Compiler, declarations: string, { code, cursor_pos }: Content): Content {
  const text = compiler.inspect(declarations, code, toUnits(code, cursor_pos));
  return { status: "ok", found: text !== undefined, data: text ? { "text/plain": text } : {}, metadata: {} };
}

/** Jupyter counts a cursor in code points, JavaScript in UTF-16 units. */
function toUnits(code: string, points: number): number {
  return [...code].slice(0, points).join("").length;
}

function toPoints(code: string, units: number): number {
  return [...code.slice(0, units)].length;
}
