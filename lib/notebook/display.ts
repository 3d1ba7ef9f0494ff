import { host, jupyterDisplay, type MimeBundle } from "./host";

/** Anything with `[Symbol.for("Jupyter.display")]()`: a figure, a table, a recipe. */
export interface Displayable {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** Replaces what was displayed; as a cell's last expression it shows nothing of its own. */
export interface DisplayHandle extends Displayable {
  update(object: Displayable): Promise<void>;
}

let displays = 0;

/**
 * Shows an object below the running cell and returns a handle that replaces it in place.
 *
 * @example
 * const shown = await display(lineFigure({ ... }));
 * await shown.update(lineFigure({ ... }));
 */
export async function display(object: Displayable): Promise<DisplayHandle> {
  const id = `weightspace-${process.pid}-${++displays}`;
  host().display(await object[jupyterDisplay](), { id });
  return {
    async update(next) {
      host().display(await next[jupyterDisplay](), { id, update: true });
    },
    [jupyterDisplay]: () => ({}),
  };
}
