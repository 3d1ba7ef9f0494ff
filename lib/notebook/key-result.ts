import type { Displayable } from "../display/display";
import { jupyterDisplay } from "../display/host";

/**
 * Shows the key result of a notebook beside the original's, at the end of the notebook.
 *
 * `npm start` reads it from the executed notebook for its table.
 */
export function keyResult(result: string, original: string): Displayable {
  return {
    [jupyterDisplay]: () => ({
      "application/vnd.weightspace.result+json": { result, original },
      "text/plain": `result    ${result}\noriginal  ${original}`,
    }),
  };
}
