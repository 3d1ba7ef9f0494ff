import { host, jupyterDisplay, type MimeBundle } from "./host";

/** Anything with `[Symbol.for("Jupyter.display")]()`: a figure, a table, a recipe. */
export interface Displayable {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** Replaces what was displayed; as a cell's last expression it shows nothing of its own. */
export interface DisplayHandle extends Displayable {
  update(object: Displayable): Promise<void>;
}

/**
 * Shows an object below the running cell and returns a handle that replaces it in place.
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
 * Plotly's extension for JupyterLab draws such an output anew in the browser once the mouse is over it, and ignores
 * every update from then on. JupyterLab renders an output afresh where its preferred MIME type changes.
 */
const interactiveType = "application/vnd.plotly.v1+json";

/** The representations whose updates every front end shows: all but the interactive one. */
export function withoutInteraction(bundle: MimeBundle): MimeBundle {
  const { [interactiveType]: _, ...rest } = bundle;
  return rest;
}

let outputs = 0;

/** One output below the running cell: what is shown later replaces what was shown before. */
export class Output {
  private readonly id = `weightspace-${process.pid}-${++outputs}`;
  private isShown = false;

  /** Shows a bundle, also where the one before has become interactive under the mouse. */
  show(bundle: MimeBundle): void {
    if (this.isShown && interactiveType in bundle) this.send(withoutInteraction(bundle));
    this.send(bundle);
  }

  private send(bundle: MimeBundle): void {
    host().display(bundle, { id: this.id, update: this.isShown });
    this.isShown = true;
  }
}
