const variable =
  /(?<![\p{ID_Continue}$.])([\p{ID_Start}$_][\p{ID_Continue}$]*?)_\d+\.value(?![\p{ID_Continue}$])/gu;
const callee = /\(0 ?, ([\p{ID_Start}$_][\p{ID_Continue}$]*?)_\d+\.value\)/gu;

/**
 * The message of an error of V8 as the cell's author would write its names: in the code that runs, a variable of the
 * notebook is `total_1.value`, and a function of it that is called `(0 , add_1.value)`.
 */
export function withPlainNames(name: unknown, message: string): string {
  return name === "TypeError" ? message.replace(callee, "$1").replace(variable, "$1") : message;
}
