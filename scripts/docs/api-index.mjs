import { join, relative, sep } from "node:path";
import { Application, LogLevel, ReflectionKind } from "typedoc";
import { root } from "../setup/paths.mjs";

/**
 * A name that a package exports.
 *
 * @typedef {object} Exported
 * @property {string} name
 * @property {string} kind What it is, such as "function".
 * @property {string} file The file that declares it, relative to the package, with forward slashes.
 * @property {string} sentence The first sentence of its docstring; empty where it has none.
 */

/** @type {Partial<Record<ReflectionKind, string>>} */
const KINDS = {
  [ReflectionKind.Class]: "class",
  [ReflectionKind.Function]: "function",
  [ReflectionKind.Interface]: "interface",
  [ReflectionKind.Namespace]: "namespace",
  [ReflectionKind.TypeAlias]: "type",
  [ReflectionKind.Variable]: "constant",
};

/**
 * Lists what a module exports, with the first sentence of each docstring, as TypeDoc reads them.
 *
 * @param {string} [entry] The path of the module.
 * @param {string} [tsconfig] The path of the TypeScript configuration that includes the module.
 * @param {string} [folder] The folder that the listed files are relative to.
 * @returns {Promise<Exported[]>} The names in the order of their files, and by name within a file.
 * @throws {Error} Where the module cannot be read.
 */
export async function exportedNames(
  entry = join(root, "lib", "index.ts"),
  tsconfig = join(root, "tsconfig.json"),
  folder = root,
) {
  const app = await Application.bootstrap({
    entryPoints: [entry],
    tsconfig,
    skipErrorChecking: true, // `npm test` has a type check of its own
    excludeExternals: true,
    disableGit: true,
    sourceLinkTemplate: "{path}",
    logLevel: LogLevel.Error,
  });
  const project = await app.convert();
  if (!project) throw new Error(`TypeDoc cannot read ${entry}`);
  return (project.children ?? [])
    .map((declaration) => ({
      name: declaration.name,
      kind: KINDS[declaration.kind] ?? ReflectionKind.singularString(declaration.kind).toLowerCase(),
      file: relative(folder, declaration.sources?.[0]?.fullFileName ?? entry).replaceAll(sep, "/"),
      sentence: firstSentence(docstringOf(declaration)),
    }))
    .sort((a, b) => compare(a.file, b.file) || compare(a.name, b.name));
}

/**
 * Writes the index of exported names as Markdown, a section for each folder.
 *
 * @param {Exported[]} exported
 */
export function apiPage(exported) {
  const folders = [...new Set(exported.map(folderOf))];
  const sections = folders.map((folder) => {
    const lines = exported
      .filter((one) => folderOf(one) === folder)
      .map(({ name, kind, file, sentence }) => `- [\`${name}\`](../${file}) (${kind}): ${sentence}`);
    return `## ${folder}\n\n${lines.join("\n")}\n`;
  });
  return `${HEAD}\n${sections.join("\n")}`;
}

const HEAD = `# Names

What \`import { … } from "../lib"\` offers: each exported name with the first sentence of its docstring. The whole docstring, with arguments, results and sources, lies in the linked file and is what \`name?\` shows in a notebook. A namespace, such as \`rank\`, has the names of its folder: \`rank.effectiveRank\`. \`npm run docs\` writes this page.
`;

/**
 * The first sentence of a docstring, on one line.
 *
 * A full stop ends it where white space and the beginning of another sentence follow, but for those of abbreviations.
 *
 * @param {string} docstring
 */
export function firstSentence(docstring) {
  const [paragraph = ""] = docstring.trim().split(/\n\s*\n/);
  const text = paragraph.replaceAll(/\s+/g, " ");
  return text.match(/^.*?(?<!\b(?:al|cf|e\.g|i\.e))[.!?](?= [^a-z(\d]|$)/u)?.[0] ?? text;
}

/**
 * The text of a declaration's docstring; a function has it on its signatures.
 *
 * @param {import("typedoc").DeclarationReflection} declaration
 */
function docstringOf(declaration) {
  const ofType =
    declaration.type?.type === "reflection" ? declaration.type.declaration.signatures : undefined;
  const owners = [declaration, ...(declaration.signatures ?? []), ...(ofType ?? [])];
  const summary = owners.find(({ comment }) => comment)?.comment?.summary ?? [];
  return summary.map((part) => (part.kind === "inline-tag" ? `\`${part.text}\`` : part.text)).join("");
}

/** @param {Exported} exported */
const folderOf = ({ file }) => file.split("/").slice(0, 2).join("/");

/**
 * The order of two texts by their code units, which does not depend on the user's language.
 *
 * @param {string} a
 * @param {string} b
 */
const compare = (a, b) => (a < b ? -1 : Number(a > b));
