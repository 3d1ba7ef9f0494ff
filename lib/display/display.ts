import { host, jupyterDisplay, type MimeBundle } from "./host";

/** An object that displays itself by a method `[Symbol.for("Jupyter.display")]`, such as a figure or a table. */
export interface Displayable {
  /** Returns the object's representations by MIME type. */
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** A handle of a displayed object; as a cell's last expression it displays nothing itself. */
export interface DisplayHandle extends Displayable {
  /** Replaces the displayed object. */
  update(object: Displayable): Promise<void>;
}

/**
 * Displays an object below the running cell, or prints its text outside Jupyter.
 *
 * @returns A handle that replaces the object in place.
 *
 * @example
 * const shown = await display(lineFigure({ ... }));
 * await shown.update(lineFigure({ ... }));
 */
export async function display(object: Displayable): Promise<DisplayHandle> {
  const output = new Output();
  output.show(await object[jupyterDisplay]());
  return {
    async update(next) {
      output.show(await next[jupyterDisplay]());
    },
    [jupyterDisplay]: () => ({}),
  };
}

/**
 * The MIME type of interactive figures. Plotly's extension for JupyterLab redraws such an output in the browser once
 * the mouse is over it and ignores all later updates, unless the output's preferred MIME type changes.
 */
const INTERACTIVE_TYPE = "application/vnd.plotly.v1+json";

/** Removes the interactive representation from a bundle; every front end shows updates of the others. */
export function withoutInteraction(bundle: MimeBundle): MimeBundle {
  const { [INTERACTIVE_TYPE]: _, ...rest } = bundle;
  return rest;
}

let outputs = 0;

/** An output below the running cell that is replaced in place. */
export class Output {
  private readonly id = `weightspace-${process.pid}-${++outputs}`;
  private isShown = false;

  /** Shows a bundle, even if the previous one has become interactive under the mouse. */
  show(bundle: MimeBundle): void {
    if (this.isShown && INTERACTIVE_TYPE in bundle) this.send(withoutInteraction(bundle));
    this.send(bundle);
  }

  private send(bundle: MimeBundle): void {
    host().display(bundle, { id: this.id, update: this.isShown });
    this.isShown = true;
  }
}
