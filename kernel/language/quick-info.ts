import { relative } from "node:path";
import type { CellView } from "./compiler";
import { codeOf, type Documentation } from "./documentation";
import { neverCancelled, services } from "./services";
import type { ts } from "./typescript";

/** The maximum number of lines of a declaration, and of declarations, that are shown. */
const MOST_LINES = 80;
const MOST_DECLARATIONS = 3;

/**
 * Returns the type and the documentation of the name at the cursor, or undefined if there is none.
 *
 * @param cursor The offset from the cell's start, in UTF-16 units.
 * @param withSource Adds the location of the declaration, and the declaration itself.
 */
export function quickInfoAt(view: CellView, cursor: number, withSource = false): Documentation | undefined {
  const { program, file, offset } = view;
  const checker = program.getTypeChecker();
  const info = services.getQuickInfoAtPosition(file, checker, neverCancelled, cursor + offset);
  const code = codeOf(info?.displayParts ?? []);
  // A position without a name, such as after a full stop, has a type as well: any.
  if (!info || !code || (info.kind === "" && code === "any")) return undefined;
  const sources = withSource ? sourcesAt(view, cursor + offset) : [];
  return { code, text: info.documentation, tags: info.tags, sources };
}

function sourcesAt({ program, file, folder }: CellView, position: number): Documentation["sources"] {
  const checker = program.getTypeChecker();
  const named = checker.getSymbolAtLocation(services.getTouchingPropertyName(file, position));
  if (!named) return [];
  const isAlias = (named.flags & services.SymbolFlags.Alias) !== 0;
  const { declarations = [] } = isAlias ? checker.getAliasedSymbol(named) : named;
  return declarations.slice(0, MOST_DECLARATIONS).map((declaration) => {
    const source = declaration.getSourceFile();
    const code = services.isSourceFile(declaration)
      ? ""
      : shortened(statementOf(declaration).getText(source));
    if (source === file) return { place: "Declared in this cell:", code };
    if (source.fileName.endsWith("/__prev__.d.ts")) return { place: "Declared in an earlier cell:", code };
    const line = source.getLineAndCharacterOfPosition(declaration.getStart(source)).line + 1;
    return { place: `Declared in ${relative(folder, source.fileName)}:${line}${code && ":"}`, code };
  });
}

/** The declaration of a variable is part of a statement that says `const`. */
function statementOf(declaration: ts.Declaration): ts.Node {
  return services.isVariableDeclaration(declaration) &&
    services.isVariableStatement(declaration.parent.parent)
    ? declaration.parent.parent
    : declaration;
}

function shortened(code: string): string {
  const lines = code.split("\n");
  if (lines.length <= MOST_LINES) return code;
  return [...lines.slice(0, MOST_LINES), `// … ${lines.length - MOST_LINES} more lines`].join("\n");
}
