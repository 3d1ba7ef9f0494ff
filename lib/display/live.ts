import { type Displayable, Output, withoutInteraction } from "./display";
import { host, jupyterDisplay, type MimeBundle } from "./host";

/** The longest interval between two drawings in milliseconds. */
const LONGEST = 3000;

/**
 * Displays the progress of a computation. Drawing takes about a tenth of the time: `refresh` redraws only after ten
 * times the duration of the last drawing, or three seconds if that is less.
 *
 * A figure is a static picture until `finish` makes it interactive; if the cell fails or is interrupted before, the
 * last drawn state becomes interactive.
 *
 * @param draw Makes the figure of the current state.
 * @returns `refresh`, which redraws if it is time to, and `finish`, which draws the final state.
 * @example
 * const shown = await live(() => lossFigure(history));
 * for await (const step of progress(1000)) { train(); await shown.refresh(); }
 * await shown.finish();
 */
export async function live(
  draw: () => Displayable,
): Promise<{ refresh(): Promise<void>; finish(): Promise<void> }> {
  const output = new Output();
  let bundle: MimeBundle;
  let isGrowing = false;
  let cost = 0;
  let last = 0;
  const redraw = async () => {
    last = performance.now();
    bundle = await draw()[jupyterDisplay]();
    cost = performance.now() - last;
    last = performance.now();
  };
  const showPicture = () => {
    isGrowing = true;
    output.show(withoutInteraction(bundle));
    // Registered at each drawing, since a later cell may be running now.
    host().onFailure(onFailure);
  };
  const showWhole = () => {
    isGrowing = false;
    output.show(bundle);
  };
  const onFailure = () => {
    if (isGrowing) showWhole();
  };
  await redraw();
  showPicture();
  return {
    async refresh() {
      if (performance.now() - last <= Math.min(10 * cost, LONGEST)) return;
      await redraw();
      showPicture();
    },
    async finish() {
      await redraw();
      showWhole();
    },
  };
}
