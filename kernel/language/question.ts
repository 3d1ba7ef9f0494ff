import { type ts, typescript } from "./typescript";

/** A cell that is not TypeScript but a request known from IPython. */
export type Question =
  /** Help on a name; with `withSource`, also its declaration. */
  | { kind: "help"; name: string; withSource: boolean }
  /** A magic or shell command, which is not supported; the hint says what to write instead. */
  | { kind: "hint"; line: number; message: string };

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const path = `${name}(?:\\.${name})*`;
const before = new RegExp(`^(\\?\\??)\\s*(${path})$`, "u");
const after = new RegExp(`^(${path})\\s*(\\?\\??)$`, "u");

/**
 * Recognizes a question: `name?`, `?name`, `name??`, or a line such as `%time` or `!ls -l`. Code that parses as
 * TypeScript, such as `!flag`, is not a question.
 */
export function questionOf(code: string): Question | undefined {
  const fault = firstFault(code);
  if (!fault) return undefined;
  const text = code.trim();
  const [, marks = "", asked] = before.exec(text) ?? reversed(after.exec(text)) ?? [];
  if (asked) return { kind: "help", name: asked, withSource: marks === "??" };
  const { line } = fault.file.getLineAndCharacterOfPosition(fault.start);
  const message = hintFor((code.split("\n")[line] ?? "").trim());
  return message === undefined ? undefined : { kind: "hint", line: line + 1, message };
}

function reversed(match: RegExpExecArray | null): string[] | undefined {
  return match ? [match[0], match[2]!, match[1]!] : undefined;
}

function firstFault(code: string): ts.DiagnosticWithLocation | undefined {
  const file = typescript.ts.createSourceFile("cell.ts", code, typescript.ts.ScriptTarget.Latest);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] };
  return parseDiagnostics[0];
}

/** What to use instead of a magic that has a counterpart. */
const COUNTERPARTS: Record<string, string> = {
  cd: 'Write process.chdir("folder").',
  env: "Write process.env.NAME.",
  load: 'Write an import, such as import { name } from "./file".',
  matplotlib: "Figures need no setting: display(figure) shows them.",
  pip: "Run npm install NAME in a terminal, then import the package.",
  pwd: "Write process.cwd().",
  run: 'Write an import, such as import { name } from "./file".',
  time: 'Write console.time("cell") before and console.timeEnd("cell") after what is timed.',
  timeit: "Take the difference of two performance.now().",
};
for (const shell of ["bash", "script", "sh", "sx", "system"]) {
  COUNTERPARTS[shell] = 'Write import { execSync } from "node:child_process" and call execSync("command").';
}

/** How to run the shell command of a line such as `!ls -l`. */
export function shellHint(line: string): string | undefined {
  const command = /^!+\s*(\S.*)$/.exec(line)?.[1];
  if (!command) return undefined;
  const call = `console.log(execSync(${JSON.stringify(command)}, { encoding: "utf8" }))`;
  return `Lines for the shell are IPython's. Write: import { execSync } from "node:child_process"; ${call};`;
}

function hintFor(line: string): string | undefined {
  const shell = shellHint(line);
  if (shell) return shell;
  const magic = /^%%?\s*([A-Za-z]\w*)/.exec(line)?.[1];
  if (!magic) return undefined;
  return `Magics such as %${magic} are IPython's. ${COUNTERPARTS[magic] ?? "A cell here is TypeScript and nothing else."}`;
}
