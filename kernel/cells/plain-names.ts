const VARIABLE =
  /(?<![\p{ID_Continue}$.])([\p{ID_Start}$_][\p{ID_Continue}$]*?)_\d+\.value(?![\p{ID_Continue}$])/gu;
const CALLEE = /\(0 ?, ([\p{ID_Start}$_][\p{ID_Continue}$]*?)_\d+\.value\)/gu;

/**
 * Rewrites the message of a V8 error with the names that the cell's author wrote: in the compiled code, a variable of
 * the notebook is `total_1.value`, and a call of a function is `(0 , add_1.value)`.
 */
export function withPlainNames(name: unknown, message: string): string {
  return name === "TypeError" ? message.replace(CALLEE, "$1").replace(VARIABLE, "$1") : message;
}
