import { parseArgs } from "node:util";

/** A command line that cannot be understood: its message is one line, and the command ends with exit code 2. */
export class UsageError extends Error {}

/**
 * Whether `--help` or `-h` is among the arguments: it is answered whatever else is asked for.
 *
 * @param {string[]} args The arguments.
 */
export function asksForHelp(args) {
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return options.some((argument) => argument === "--help" || argument === "-h");
}

/**
 * Reads a command line with `parseArgs` of node:util, strictly.
 *
 * @template {Pick<import("node:util").ParseArgsConfig, "options" | "allowPositionals">} T
 * @param {string[]} args The arguments.
 * @param {T} config What is allowed.
 * @returns {ReturnType<typeof parseArgs<T>>} As of `parseArgs`: each option's value, and the other arguments.
 * @throws {UsageError} If something else is there, or an option's value is missing.
 */
export function parseCommandLine(args, config) {
  try {
    return parseArgs(/** @type {T} */ ({ args, ...config }));
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!code?.startsWith("ERR_PARSE_ARGS_")) throw error;
    throw new UsageError(`${withoutAdvice(message)}.`);
  }
}

/**
 * After what is wrong, `parseArgs` suggests how to pass arguments that start with a dash: no command has any.
 *
 * @param {string} message
 */
function withoutAdvice(message) {
  return message.replace(/\.\s(?:To specify a positional|This command does not|Did you forget).*$/s, "");
}
