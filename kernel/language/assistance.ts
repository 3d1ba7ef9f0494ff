import type { Content } from "../protocol/wire";
import type { CellView } from "./compiler";
import { completionAt } from "./completion";
import { bundleOf } from "./documentation";
import { quickInfoAt } from "./quick-info";
import { signatureAt } from "./signature";

/** What the answers need from the compiler. */
export interface Viewer {
  view(declarations: string, source: string): CellView;
}

/** JupyterLab's names for kinds of completions, which differ from TypeScript's. */
const TYPES: Record<string, string> = {
  "external module name": "module",
  script: "module",
  directory: "path",
};

/**
 * Answers a `complete_request`: names that fit at the cursor, with their kinds and signatures for JupyterLab.
 *
 * @param declarations The declarations left by the cells before.
 */
export function complete(compiler: Viewer, declarations: string, content: Content): Content {
  const { code } = content;
  const view = compiler.view(declarations, code);
  const { start, end, candidates } = completionAt(view, cursorOf(content));
  const [cursor_start, cursor_end] = [toPoints(code, start), toPoints(code, end)];
  const described = candidates.map(({ text, kind, signature }) => ({
    text,
    type: TYPES[kind] ?? kind,
    ...(signature && { signature }),
    start: cursor_start,
    end: cursor_end,
  }));
  return {
    status: "ok",
    matches: candidates.map(({ text }) => text),
    cursor_start,
    cursor_end,
    metadata: { _jupyter_types_experimental: described },
  };
}

/**
 * Answers an `inspect_request`: type and documentation of the name at the cursor, or of the call whose brackets
 * surround it; at detail level 1, also the name's declaration.
 *
 * @param declarations The declarations left by the cells before.
 */
export function inspect(compiler: Viewer, declarations: string, content: Content): Content {
  const view = compiler.view(declarations, content.code);
  const cursor = cursorOf(content);
  const found = quickInfoAt(view, cursor, content.detail_level === 1) ?? signatureAt(view, cursor);
  return { status: "ok", found: found !== undefined, data: found ? bundleOf(found) : {}, metadata: {} };
}

/**
 * Returns the pager payload that answers a cell such as `name?`.
 *
 * @param declarations The declarations left by the cells before.
 */
export function help(
  compiler: Viewer,
  declarations: string,
  { name, withSource }: { name: string; withSource: boolean },
): Content {
  const found = quickInfoAt(compiler.view(declarations, name), name.length, withSource);
  const data = found ? bundleOf(found) : { "text/plain": `${name} is not defined` };
  return { source: "page", data, start: 0 };
}

/** Builds the program for a cell after these declarations, so that the first completion in it does not have to wait. */
export function warmUp(compiler: Viewer, declarations: string): void {
  completionAt(compiler.view(declarations, ""), 0);
}

/** Converts the cursor to UTF-16 units and limits it to the code, whatever the client sends. */
function cursorOf({ code, cursor_pos }: Content): number {
  return [...code].slice(0, Math.max(0, cursor_pos)).join("").length;
}

/** Jupyter counts a cursor in code points, JavaScript in UTF-16 units. */
function toPoints(code: string, units: number): number {
  return [...code.slice(0, units)].length;
}
