import assert from "node:assert/strict";
import { join, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectFolder as root } from "../../lib/notebook/project";

const folder = `${join(root, "lib").replaceAll(sep, "/")}/`;
const program = ts.createProgram([`${folder}index.ts`], {
  module: ts.ModuleKind.Node18,
  target: ts.ScriptTarget.ES2022,
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  esModuleInterop: true,
  resolveJsonModule: true,
});
/** Aliases that their own modules keep to themselves, since an editor writes them out. */
const privateAliases = new Set(["AnyLoader", "Name", "OfBatch"]);
const checker = program.getTypeChecker();

/** The declared symbol behind an import or an export under another name. */
const original = (symbol: ts.Symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const isHidden = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );

/** The types that the public part of a declaration names: its signatures and members, not bodies and private members. */
function typesIn(declaration: ts.Node): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) return;
    // A private parameter of a constructor is no public member, but its type is part of the constructor's signature.
    if (isHidden(node) && !ts.isParameter(node)) return;
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) found.push(node.typeName);
    if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression)) {
      found.push(node.expression);
    }
    if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      if (node.type) visit(node.type);
      return;
    }
    if (ts.isArrowFunction(node) && ts.isVariableDeclaration(node.parent)) return;
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

test("every type of lib that an exported declaration names is exported too", () => {
  const entry = checker.getSymbolAtLocation(program.getSourceFile(`${folder}index.ts`)!)!;
  const exported = checker.getExportsOfModule(entry);
  const known = new Set(exported.map(original));
  const missing = new Set<string>();
  for (const symbol of known) {
    for (const declaration of symbol.declarations ?? []) {
      if (!isOfLib(declaration)) continue;
      for (const name of typesIn(declaration)) {
        const type = original(checker.getSymbolAtLocation(name)!);
        const isParameter = (type.flags & ts.SymbolFlags.TypeParameter) !== 0;
        if (
          !isParameter &&
          !privateAliases.has(type.name) &&
          type.declarations?.some(isOfLib) &&
          !known.has(type)
        ) {
          missing.add(`${name.text}, which ${symbol.name} names`);
        }
      }
    }
  }
  assert.deepEqual([...missing].sort(), []);
});

test("every declaration of lib is exported under one name", () => {
  const entry = checker.getSymbolAtLocation(program.getSourceFile(`${folder}index.ts`)!)!;
  const names = new Map<ts.Symbol, string[]>();
  for (const symbol of checker.getExportsOfModule(entry)) {
    names.set(original(symbol), [...(names.get(original(symbol)) ?? []), symbol.name]);
  }
  assert.deepEqual(
    [...names.values()].filter((some) => some.length > 1),
    [],
  );
});

function isOfLib(node: ts.Node): boolean {
  return node.getSourceFile().fileName.startsWith(folder);
}
