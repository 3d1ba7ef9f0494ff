import { setMaxListeners } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { run } from "../setup/command.mjs";
import { build, python, root } from "../setup/paths.mjs";
import { Progress } from "../setup/progress.mjs";
import { withMathematics } from "./mathematics.mjs";
import { notebooksFolder } from "./select.mjs";
import { LAUNCH, recordsFolder, runsText, workerEnvironment, workerFolder } from "./workers.mjs";

const executor = join(root, "scripts", "python", "execute.py");
const RESULT = "application/vnd.weightspace.result+json";
const LARGEST_RENDER = 3_000_000;

/**
 * @typedef {object} Outcome
 * @property {string} name The notebook.
 * @property {boolean} passed Whether all its cells ran.
 * @property {number} seconds How long it took.
 * @property {string} result The key result that the notebook displays.
 * @property {string} original The original's.
 * @property {string} look Where to look, relative to the project's folder.
 */

/**
 * A message of execute.py: which cell it is at, or why it ended.
 *
 * @typedef {object} Message
 * @property {number} [cell]
 * @property {number} [of] How many cells there are.
 * @property {string} [error]
 */

/**
 * What is read of an executed notebook.
 *
 * @typedef {object} Notebook
 * @property {{ outputs?: { data?: Record<string, unknown> }[] }[]} cells
 */

/**
 * What a notebook displays under the result's MIME type.
 *
 * @typedef {Pick<Outcome, "result" | "original">} KeyResult
 */

/**
 * Executes notebooks with nbconvert, one after another, into build/; one that fails does not keep the others
 * from running.
 *
 * @param {string[]} names The notebooks.
 * @param {object} options
 * @param {string} options.profile The profile that the notebooks read in WEIGHTSPACE_PROFILE.
 * @param {boolean} [options.render] Whether each executed notebook then replaces the committed one.
 * @param {number} [options.workers] How many processes execute each notebook at the same time and share its runs.
 * @returns {Promise<Outcome[]>}
 */
export async function executeNotebooks(names, { profile, render = false, workers = 1 }) {
  mkdirSync(build, { recursive: true });
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const name of names) {
    const outcome = await executeNotebook(name, profile, workers);
    outcomes.push(render && outcome.passed ? { ...outcome, ...replaceCommitted(name) } : outcome);
  }
  return outcomes;
}

/**
 * @param {string} name
 * @param {string} profile
 * @param {number} workers
 * @returns {Promise<Outcome>}
 */
async function executeNotebook(name, profile, workers) {
  const progress = new Progress(name);
  const env = { ...process.env, WEIGHTSPACE_PROFILE: profile };
  const others = startOthers(name, workers, env);
  const records = recordsFolder(name);
  const { code, error, executed, page } = await executeInto(build, name, {
    env: workerEnvironment(1, workers, env),
    onCell(cell) {
      const runs = () => (workers > 1 ? runsText(records, LAUNCH) : "");
      progress.show(() => [cell, runs()].filter(Boolean).join(", "));
    },
  });
  await others.end();
  const passed = code === 0;
  progress.end(passed ? "done" : "failed");
  if (!passed) console.error(error);
  for (const fault of finishPage(page)) console.warn(`${name}: ${fault}`);
  return {
    name,
    passed,
    seconds: progress.seconds,
    ...(passed ? keyResult(executed) : { result: "failed: see above", original: "" }),
    look: relative(root, page),
  };
}

/**
 * Starts the workers besides the first. They execute the notebook too: what one of them trains, none of the others does.
 *
 * @param {string} name The notebook.
 * @param {number} workers How many there are, the first included.
 * @param {NodeJS.ProcessEnv} env
 */
function startOthers(name, workers, env) {
  const controller = new AbortController();
  setMaxListeners(workers, controller.signal);
  const ended = Array.from({ length: workers - 1 }, async (_, index) => {
    const worker = index + 2;
    const { code, error } = await executeInto(workerFolder(worker), name, {
      env: workerEnvironment(worker, workers, env),
      signal: controller.signal,
    });
    if (code !== 0 && !controller.signal.aborted) {
      console.warn(`\n${name}: worker ${worker} failed, the others go on without it:\n${error}`);
    }
  });
  return {
    async end() {
      controller.abort();
      await Promise.all(ended);
    },
  };
}

/**
 * Executes a notebook into a folder.
 *
 * @param {string} folder
 * @param {string} name The notebook.
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(text: string) => void} [options.onCell] Is told which cell it is at.
 * @param {AbortSignal} [options.signal] Ends it.
 * @returns {Promise<{ code: number, error: string, executed: string, page: string }>} The exit code, why it failed, and
 *   the files.
 */
export async function executeInto(folder, name, { env, onCell, signal }) {
  const [executed, page] = [join(folder, `${name}.ipynb`), join(folder, `${name}.html`)];
  for (const earlier of [executed, page]) rmSync(earlier, { force: true });
  /** @type {string[]} */
  const output = [];
  let error = "";
  const code = await run(python, [executor, join(notebooksFolder, `${name}.ipynb`), executed, page], {
    env,
    signal,
    onLine(line) {
      const message = parseMessage(line);
      if (!message) output.push(line);
      else if (message.error) error = message.error;
      else onCell?.(`cell ${message.cell} of ${message.of}`);
    },
  });
  return { code, error: error || output.join("\n"), executed, page };
}

/**
 * Draws the formulas of the page that execute.py has written, if it came so far.
 *
 * @param {string} path The page's.
 * @returns {string[]} What is wrong with formulas.
 */
function finishPage(path) {
  if (!existsSync(path)) return [];
  const { page, faults } = withMathematics(readFileSync(path, "utf8"));
  replaceFile(path, page);
  return faults;
}

/**
 * A line of execute.py, or undefined for any other line: a warning of Jupyter's, a Python traceback.
 *
 * @param {string} line
 * @returns {Message | undefined}
 */
function parseMessage(line) {
  try {
    const message = JSON.parse(line);
    return message.cell || message.error ? message : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The result that an executed notebook displays last, beside the original's.
 *
 * @param {string} path The notebook's.
 * @returns {KeyResult} Empty texts where it displays none.
 */
export function keyResult(path) {
  /** @type {Notebook} */
  const { cells } = JSON.parse(readFileSync(path, "utf8"));
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const results = outputs.map((output) => /** @type {KeyResult | undefined} */ (output.data?.[RESULT]));
  return results.findLast(Boolean) ?? { result: "", original: "" };
}

/**
 * Puts the executed notebook in the committed one's place, or says in the outcome why it may not be there.
 *
 * @param {string} name
 * @returns {Partial<Outcome> | undefined}
 */
function replaceCommitted(name) {
  const text = readFileSync(join(build, `${name}.ipynb`), "utf8");
  const fault = faultOfRender(text);
  if (fault) return { passed: false, result: `not rendered: ${fault}` };
  replaceFile(join(notebooksFolder, `${name}.ipynb`), text);
}

/**
 * Writes a file that is never seen half-written.
 *
 * @param {string} path
 * @param {string} text
 */
function replaceFile(path, text) {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/**
 * What makes an executed notebook unfit to commit, or undefined.
 *
 * @param {string} text The notebook's file.
 */
export function faultOfRender(text) {
  if (text.includes(JSON.stringify(root).slice(1, -1))) return `its outputs contain the path ${root}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_RENDER) return `it has ${bytes} bytes, of at most ${LARGEST_RENDER}`;
}
