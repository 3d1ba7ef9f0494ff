/**
 * A text as one word of a shell command. Words that need no quotes get none, so that scripts stay readable.
 *
 * @param {string} text
 */
export function shellWord(text) {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A text as the value of an option in an `#SBATCH` line, where sbatch reads double quotes.
 *
 * @param {string} text
 */
export function optionValue(text) {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}
