import { type Displayable, display } from "./display";

/** The longest pause between two drawings, in milliseconds. */
const longest = 3000;

/**
 * A display that follows a computation. Drawing costs about a tenth of its time: `refresh` draws only when ten times
 * as long has passed as the last drawing took, or three seconds.
 *
 * @param draw Makes the figure of what there is so far.
 * @example
 * const shown = await live(() => lossFigure(history));
 * for await (const step of steps(1000)) { train(); await shown.refresh(); }
 * await shown.finish();
 */
export async function live(
  draw: () => Displayable,
): Promise<{ refresh(): Promise<void>; finish(): Promise<void> }> {
  let last = performance.now();
  const shown = await display(draw());
  let cost = performance.now() - last;
  const finish = async () => {
    last = performance.now();
    await shown.update(draw());
    cost = performance.now() - last;
    last = performance.now();
  };
  return {
    finish,
    async refresh() {
      if (performance.now() - last > Math.min(10 * cost, longest)) await finish();
    },
  };
}
