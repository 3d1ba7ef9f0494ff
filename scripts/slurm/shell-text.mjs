/** Texts that need no quotes, neither for a shell nor for sbatch. */
const PLAIN = /^[\w./:=,@%+-]+$/;

/**
 * A text as one word of a shell command. Words that need no quotes get none, so that scripts stay readable.
 *
 * @param {string} text
 */
export function shellWord(text) {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A text as the value of an option in an `#SBATCH` line, where sbatch reads double quotes.
 *
 * @param {string} text
 */
export function optionValue(text) {
  return PLAIN.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}
