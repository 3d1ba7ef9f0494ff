import type { ts } from "./typescript";

/** The documentation of a name or a call, in the parts that TypeScript returns. */
export interface Documentation {
  /** Declarations or signatures, in TypeScript. */
  code: string;
  text?: ts.SymbolDisplayPart[];
  tags?: ts.JSDocTagInfo[];
  /** The location of the declaration, if it was requested. */
  sources?: { place: string; code: string }[];
}

/**
 * Joins the parts of a declaration. In strict mode, TypeScript 5.0 prints an optional parameter as `x?: number |
 * undefined`; the part that the question mark already expresses is removed, as later versions do.
 */
export function codeOf(parts: ts.SymbolDisplayPart[]): string {
  const texts = parts.map(({ text }) => text);
  const repeated = texts.map((text, index) => text === "undefined" && isOptionalUntil(texts, index));
  return texts.filter((_, index) => !repeated.slice(index, index + 4).includes(true)).join("");
}

/** Whether the type that ends in ` | undefined` at this index belongs to a name with a question mark. */
function isOptionalUntil(texts: string[], index: number): boolean {
  if (!/^[),;}\]]?\n?$/.test(texts[index + 1] ?? "") || texts[index - 2] !== "|") return false;
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    const text = texts[at]!;
    if (/^[)>}\]]$/.test(text)) depth++;
    if (/^[(<{[]$/.test(text) && --depth < 0) return false;
    if (depth === 0 && text === ":") return texts[at - 1] === "?";
  }
  return false;
}

/** A MIME bundle with plain text in tslab's layout, and Markdown. */
export function bundleOf(documentation: Documentation): { "text/plain": string; "text/markdown": string } {
  return { "text/plain": toPlainText(documentation), "text/markdown": toMarkdown(documentation) };
}

function toPlainText({ code, text, tags = [], sources = [] }: Documentation): string {
  const lines = tags.map(({ name, text: parts }) => `@${name} ${join(parts)}`.trimEnd());
  const documentation = [join(text), lines.join("\n")].filter(Boolean).join("\n");
  return [code, documentation, ...sources.map((source) => `${source.place}\n${source.code}`.trimEnd())]
    .filter(Boolean)
    .join("\n\n");
}

function toMarkdown({ code, text, tags = [], sources = [] }: Documentation): string {
  const blocks = [fenced(code), join(text, asCode), ...tags.map(tagToMarkdown)];
  for (const { place, code: source } of sources) blocks.push(place, source && fenced(source));
  return blocks.filter(Boolean).join("\n\n");
}

function tagToMarkdown({ name, text }: ts.JSDocTagInfo): string {
  if (name === "example") {
    const example = join(text);
    return `*@example*\n\n${example.includes("```") ? example : fenced(example)}`;
  }
  const subject = text?.[0]?.kind === "parameterName" ? text[0].text : undefined;
  const rest = join(subject === undefined ? text : text?.slice(1), asCode).trim();
  const parts = [`*@${name}*`, subject && asCode(subject)].filter(Boolean).join(" ");
  return rest ? `${parts} — ${rest.replace(/^[-–—]\s*/, "")}` : parts;
}

/** A fence must be longer than any fence in the text. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}typescript\n${code}\n${fence}`;
}

function asCode(name: string): string {
  return `\`${name}\``;
}

/** Joins the parts; a `{@link name}` becomes its name or its text. */
function join(parts: ts.SymbolDisplayPart[] = [], nameToText = (name: string) => name): string {
  return parts
    .map(({ kind, text }, index) => {
      if (kind === "link") return "";
      if (kind === "linkName") return parts[index + 1]?.kind === "linkText" ? "" : nameToText(text);
      return kind === "linkText" ? text.trim().replace(/^\|\s*/, "") : text;
    })
    .join("");
}
