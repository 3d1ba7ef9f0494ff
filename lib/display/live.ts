import { type Displayable, Output, withoutInteraction } from "./display";
import { host, jupyterDisplay, type MimeBundle } from "./host";

/** The longest pause between two drawings, in milliseconds. */
const longest = 3000;

/**
 * A display that follows a computation. Drawing costs about a tenth of its time: `refresh` draws only when ten times
 * as long has passed as the last drawing took, or three seconds.
 *
 * A figure is a picture while it grows and becomes interactive with `finish`, or as it was last drawn where the cell
 * fails or is interrupted before.
 *
 * @param draw Makes the figure of what there is so far.
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
    // Asked for each time, since it may be another cell that draws now.
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
      if (performance.now() - last <= Math.min(10 * cost, longest)) return;
      await redraw();
      showPicture();
    },
    async finish() {
      await redraw();
      showWhole();
    },
  };
}
