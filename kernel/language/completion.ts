import type { CellView } from "./compiler";
import { type Entry, hostOf, neverCancelled, services } from "./services";
import type { ts } from "./typescript";

/** A text that fits at the cursor. */
export interface Candidate {
  text: string;
  /** TypeScript's word for the kind of the named thing: function, const, method, … */
  kind: string;
  signature?: string;
}

/** The candidates, best first, and the range of the cell that each of them replaces, in UTF-16 units. */
export interface Completion {
  start: number;
  end: number;
  candidates: Candidate[];
}

/** A range of the file and the text in it. */
interface Span {
  start: number;
  end: number;
  text: string;
}

/**
 * Completes at the cursor: names that fit there, or paths and values that fit into the string there. The whole word
 * is replaced, as tslab does, and candidates that do not contain it are omitted.
 *
 * @param cursor The offset from the cell's start, in UTF-16 units.
 */
export function completionAt(view: CellView, cursor: number): Completion {
  const { program, file, offset } = view;
  const position = cursor + offset;
  const string = stringAt(file, position);
  const span = string ?? wordAt(file, position, offset);
  const info = services.Completions.getCompletionsAtPosition(
    hostOf(view),
    program,
    () => {},
    file,
    position,
    {},
    undefined,
    services.CompletionTriggerKind.Invoked,
    neverCancelled,
    undefined,
    true,
  );
  const entries = info?.entries ?? [];
  const texts = new Map(entries.map((entry) => [string ? textInString(entry, span) : entry.name, entry]));
  const fitting = bestFirst([...texts], span.text, file.text.slice(span.start, position));
  return {
    start: span.start - offset,
    end: span.end - offset,
    candidates: withKinds(fitting, view),
  };
}

/** The content of the string literal around the cursor. */
function stringAt(file: ts.SourceFile, position: number): Span | undefined {
  const token = services.findPrecedingToken(position, file);
  if (!token || !services.isStringLiteralLike(token) || !services.isInString(file, position, token)) {
    return undefined;
  }
  const start = token.getStart(file) + 1;
  const end = token.isUnterminated ? token.getEnd() : token.getEnd() - 1;
  return { start, end, text: file.text.slice(start, end) };
}

function wordAt({ text }: ts.SourceFile, position: number, first: number): Span {
  const isPart = (character: string | undefined) =>
    character !== undefined &&
    services.isIdentifierPart(character.codePointAt(0)!, services.ScriptTarget.ESNext);
  const before = [...text.slice(first, position)];
  const after = [...text.slice(position)];
  let [start, end] = [before.length, 0];
  while (isPart(before[start - 1])) start--;
  while (isPart(after[end])) end++;
  if (before[start - 1] === "#") start--;
  const [left, right] = [before.slice(start).join(""), after.slice(0, end).join("")];
  return { start: position - left.length, end: position + right.length, text: left + right };
}

/** The whole content of the string once the entry is accepted; for a path, an entry is often only the last segment. */
function textInString({ name, kind, replacementSpan }: Entry, { start, text }: Span): string {
  if (replacementSpan) {
    const from = replacementSpan.start - start;
    return text.slice(0, from) + name + text.slice(from + replacementSpan.length);
  }
  const isPath = ["script", "directory", "external module name"].includes(kind);
  return isPath ? text.slice(0, text.lastIndexOf("/") + 1) + name : name;
}

/**
 * Sorted as in tslab: candidates that begin with the word, those that begin with it ignoring case, those that contain
 * it. If nothing matches the whole word, the part before the cursor is used.
 */
function bestFirst(entries: [string, Entry][], word: string, typed: string): [string, Entry][] {
  if (word === "") {
    const order = ([a, { sortText: x }]: [string, Entry], [b, { sortText: y }]: [string, Entry]) =>
      x.localeCompare(y) || a.localeCompare(b);
    return entries.sort(order);
  }
  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(entry[0], word) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.entry[1].sortText.localeCompare(b.entry[1].sortText));
  if (ranked.length === 0 && typed !== word) return bestFirst(entries, typed, typed);
  return ranked.map(({ entry }) => entry);
}

function rankOf(name: string, word: string): number {
  if (name.startsWith(word)) return 0;
  const [lowerName, lowerWord] = [name.toLowerCase(), word.toLowerCase()];
  if (lowerName.startsWith(lowerWord)) return 1;
  return lowerName.includes(lowerWord) ? 2 : -1;
}

function withKinds(entries: [string, Entry][], { program, file }: CellView): Candidate[] {
  const checker = program.getTypeChecker();
  return entries.map(([text, { kind, symbol }]) => {
    if (!symbol) return { text, kind };
    const isAlias = (symbol.flags & services.SymbolFlags.Alias) !== 0;
    const named = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    const signature = signatureOf(named);
    const own = isAlias ? services.SymbolDisplay.getSymbolKind(checker, named, file) : kind;
    return { text, kind: own || kind, ...(signature && { signature }) };
  });
}

/**
 * The parameters and the result of a function as they are declared. Letting the type checker print them takes ten
 * times as long.
 */
function signatureOf({ declarations = [] }: ts.Symbol): string | undefined {
  const declaration = declarations.find(
    (node): node is ts.SignatureDeclaration => services.isFunctionLike(node) && "parameters" in node,
  );
  if (!declaration) return undefined;
  const { parameters, type } = declaration;
  const list = parameters.map((parameter) => parameter.getText()).join(", ");
  return `(${list})${type ? `: ${type.getText()}` : ""}`.replace(/\s+/g, " ");
}
