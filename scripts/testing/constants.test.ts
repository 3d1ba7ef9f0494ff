import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectFolder } from "../../lib/notebook/project";

/** Whether an expression is a number, a text or a pattern, or a list or table of these; an empty one is to be filled. */
function isLiteral(node: ts.Expression): boolean {
  if (ts.isAsExpression(node)) return isLiteral(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.length > 0 && node.elements.every(isLiteral);
  if (ts.isObjectLiteralExpression(node)) {
    const { properties } = node;
    return (
      properties.length > 0 &&
      properties.every((part) => ts.isPropertyAssignment(part) && isLiteral(part.initializer))
    );
  }
  const isBoolean = node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
  return ts.isLiteralExpression(node) || isBoolean;
}

/** The names of a file's own constants that are made of literals. */
function literalConstants(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const))
      return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && initializer && isLiteral(initializer) ? [name.text] : [],
    );
  });
}

test("a file's constants that are made of literals are written in capitals", () => {
  const files = ["lib", "kernel", "scripts"].flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|mjs)$/.test(path) && !/\.test\.|(^|\/)testing\//.test(path))
      .map((path) => join(folder, path)),
  );
  const found = files.flatMap((path) =>
    literalConstants(join(projectFolder, path)).map((name) => ({ path, name })),
  );
  assert.ok(found.length > 100, "constants are found");
  const others = found.filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name));
  assert.deepEqual(others, []);
});
