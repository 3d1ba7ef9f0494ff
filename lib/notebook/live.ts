import { type Displayable, display } from "./display";

/**
 * A display that follows a computation. Drawing may cost it at most a tenth of its time: `refresh` draws only when
 * ten times as long has passed as the last drawing took.
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
      if (performance.now() - last > 10 * cost) await finish();
    },
  };
}
