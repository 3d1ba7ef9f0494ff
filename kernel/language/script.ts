import { Edits } from "./edits";
import { decodeMappings, encodeMappings, type Mapping } from "./mappings";
import { isReference, Scope } from "./scope";
import { type ts, typescript } from "./typescript";

/** A cell as code that the process of the cells evaluates to a function; all of it is plain data. */
export interface Script {
  /**
   * An expression whose value is a function of `(cell, require, module, exports, __filename, __dirname)`. `Scope` in
   * `../cells/session` describes `cell`.
   */
  code: string;
  /** The modules that the cell imports, in order; they are loaded before it runs. */
  imports: string[];
  /** The notebook's variables that the cell declares. */
  names: string[];
  /**
   * Names that later cells may refer to but that no cell assigns: globals that the cell has declared with `declare`.
   */
  globals: string[];
  /** The source map from `code` to the cell, as JSON. */
  map: string;
}

const INLINE_MAP = "//# sourceMappingURL=data:application/json;base64,";

/**
 * Converts a cell, compiled to an ES module, into a script that reads and writes the notebook's variables. A variable
 * is an object with a `value`: `total` becomes `total_1.value`, and the first line of the script looks up `total_1`
 * by its name. Every cell and every closure, early or late, thus shares one variable.
 *
 * @param code The compiler's output, with an inline source map.
 * @param isEarlier Whether a name is a variable that an earlier cell has declared.
 */
export function toScript(code: string, isEarlier: (name: string) => boolean): Script {
  // Only the last line comes from the compiler: a cell may contain such a comment itself.
  const end = code.lastIndexOf(INLINE_MAP);
  const json = Buffer.from(code.slice(end + INLINE_MAP.length), "base64").toString();
  const { mappings } = JSON.parse(json) as { mappings: string };
  return new ScriptWriter(code.slice(0, end), isEarlier).write(decodeMappings(mappings));
}

class ScriptWriter {
  private readonly file: ts.SourceFile;
  private readonly scope: Scope;
  private readonly edits: Edits;
  private readonly exported = new Set<string>();
  private readonly hoisted = new Set<string>();
  private readonly imports: { specifier: string; bindings: string[] }[] = [];
  private readonly boxes = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly cell: string;
  private isAsync = false;

  constructor(
    body: string,
    private readonly isEarlier: (name: string) => boolean,
  ) {
    const { ts } = typescript;
    const { Latest } = ts.ScriptTarget;
    this.file = ts.createSourceFile("cell.js", body, Latest, false, ts.ScriptKind.JS);
    this.scope = new Scope(this.file);
    this.edits = new Edits(body);
    this.cell = this.scope.freeName("cell", this.taken);
  }

  write(mappings: Mapping[]): Script {
    const { ts } = typescript;
    const { statements } = this.file;
    const globals = this.readExports();
    const last = statements.filter((statement) => !ts.isExportDeclaration(statement)).at(-1);
    statements.forEach((statement, index) => {
      const isResult = statement === last && ts.isExpressionStatement(statement);
      if (isResult) this.insert(statement.expression.getStart(this.file), `${this.cell}.result = (`);
      this.visitStatement(statement, statements[index + 1]);
      if (isResult) this.insert(statement.expression.end, ")");
    });
    const edited = this.edits.apply(mappings);
    const imports = this.imports.map(({ specifier }) => specifier);
    return {
      code: `${this.opening()}\n${edited.text}\n})`,
      imports,
      names: [...this.exported],
      globals,
      map: JSON.stringify({ version: 3, sources: ["cell.ts"], names: [], mappings: toCell(edited.mappings) }),
    };
  }

  /** tslab exports every name that a cell declares; a name without a declaration in the code is a global. */
  private readExports(): string[] {
    const { ts } = typescript;
    const globals: string[] = [];
    for (const { exportClause } of this.file.statements.filter(ts.isExportDeclaration)) {
      if (!exportClause || !ts.isNamedExports(exportClause)) continue;
      for (const { name } of exportClause.elements) {
        if (this.scope.declares(name.escapedText)) this.exported.add(name.text);
        else globals.push(name.text);
      }
    }
    return globals;
  }

  /** The first line: it looks up the variables, initializes those that are hoisted, and links the imported ones. */
  private opening(): string {
    const { cell } = this;
    const lines = this.imports.flatMap(({ bindings }) => bindings);
    const hoisted = [...this.hoisted].map((name) => `${this.box(name)}.hoist();`);
    const functions = this.functions().map(({ text }) => `${this.box(text)}.value = ${text};`);
    const boxes = [...this.boxes].map(
      ([name, box]) => `const ${box} = ${cell}.variables.get(${JSON.stringify(name)});`,
    );
    const parameters = `${cell}, require, module, exports, __filename, __dirname`;
    const start = `(${this.isAsync ? "async " : ""}function (${parameters}) {`;
    return [start, ...boxes, ...lines, ...hoisted, ...functions].join(" ");
  }

  private functions(): ts.Identifier[] {
    const { ts } = typescript;
    return this.file.statements.flatMap((statement) =>
      ts.isFunctionDeclaration(statement) && this.exported.has(statement.name?.text ?? "")
        ? [statement.name!]
        : [],
    );
  }

  private visitStatement(statement: ts.Statement, next: ts.Statement | undefined): void {
    const { ts } = typescript;
    const fresh = freshObject(statement, next);
    if (ts.isExportDeclaration(statement)) this.remove(statement);
    else if (ts.isImportDeclaration(statement)) this.visitImport(statement);
    else if (ts.isClassDeclaration(statement)) this.visitClass(statement);
    else if (fresh && this.isVariable(fresh)) {
      this.replace(statement, `${this.box(fresh.text)}.value = undefined;`);
    } else this.visit(statement);
  }

  /** As a named class expression, the class still has an inner binding of its own name. */
  private visitClass(declaration: ts.ClassDeclaration): void {
    const { name } = declaration;
    const isVariable = name && this.exported.has(name.text);
    if (isVariable) this.insert(declaration.getStart(this.file), `${this.box(name.text)}.value = `);
    this.visitChildren(declaration);
    if (isVariable) this.insert(declaration.end, ";");
  }

  private visitImport({ importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    const { ts } = typescript;
    const module = this.scope.freeName("module", this.taken);
    const bindings = [`const ${module} = ${this.cell}.modules[${this.imports.length}];`];
    const link = (name: ts.Identifier, value: string) => {
      bindings.push(`${this.box(name.text)}.link(() => ${module}.${value});`);
    };
    if (importClause?.name) link(importClause.name, "default");
    const named = importClause?.namedBindings;
    if (named && ts.isNamespaceImport(named)) link(named.name, "namespace");
    else {
      for (const { name, propertyName } of named?.elements ?? []) {
        const { text } = propertyName ?? name;
        link(name, text === "default" ? "default" : `exports.${text}`);
      }
    }
    this.imports.push({ specifier: (moduleSpecifier as ts.StringLiteral).text, bindings });
    this.remove(moduleSpecifier.parent as ts.ImportDeclaration);
  }

  private readonly visit = (node: ts.Node): void => {
    const { ts } = typescript;
    if (ts.isVariableDeclarationList(node)) this.visitDeclarations(node);
    else if (ts.isShorthandPropertyAssignment(node)) this.visitShorthand(node);
    else if (ts.isIdentifier(node)) this.visitIdentifier(node);
    else if (ts.isBinaryExpression(node) && isAssignment(node)) this.visitAssignment(node);
    else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      this.replace(node, `${this.cell}.meta`);
    } else if (node.kind === ts.SyntaxKind.ImportKeyword) this.replace(node, `${this.cell}.import`);
    else {
      if (isAwait(node)) this.isAsync ||= !ts.findAncestor(node, ts.isFunctionLike);
      this.visitChildren(node);
    }
  };

  private visitChildren(node: ts.Node): void {
    typescript.ts.forEachChild(node, this.visit);
  }

  private visitIdentifier(identifier: ts.Identifier): void {
    if (!isReference(identifier) || !this.isVariable(identifier)) return;
    const value = `${this.box(identifier.text)}.value`;
    // A function called as `a.b()` would receive `a` as its `this`.
    if (isCallee(identifier)) this.replace(identifier, `(0, ${value})`, true);
    else this.replace(identifier, value);
  }

  private visitShorthand({ name, objectAssignmentInitializer }: ts.ShorthandPropertyAssignment): void {
    if (this.isVariable(name)) this.replace(name, `${property(name)}: ${this.box(name.text)}.value`);
    if (objectAssignmentInitializer) this.visitNamed(objectAssignmentInitializer, name);
  }

  private visitAssignment({ left, right }: ts.BinaryExpression): void {
    this.visit(left);
    if (typescript.ts.isIdentifier(left)) this.visitNamed(right, left);
    else this.visit(right);
  }

  /** Turns `let` and similar declarations into assignments if they declare variables of the notebook. */
  private visitDeclarations(list: ts.VariableDeclarationList): void {
    const { ts } = typescript;
    if (!namesIn(list).some((name) => this.isVariable(name))) {
      this.visitChildren(list);
      return;
    }
    const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0;
    if (isVar) for (const { text } of namesIn(list)) this.hoisted.add(text);
    this.edits.replace(list.getStart(this.file), list.declarations[0]!.getStart(this.file), "");
    const isLoop = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
    for (const declaration of list.declarations) {
      if (isLoop) this.visitTarget(declaration.name);
      else this.visitDeclaration(declaration, isVar);
    }
  }

  private visitDeclaration({ name, initializer }: ts.VariableDeclaration, isVar: boolean): void {
    if (!typescript.ts.isIdentifier(name)) {
      this.insert(name.getStart(this.file), "(");
      this.visitTarget(name);
      this.visit(initializer!);
      this.insert(initializer!.end, ")");
    } else if (initializer) {
      this.visitTarget(name);
      this.visitNamed(initializer, name);
    } else this.replace(name, isVar ? "0" : `${this.box(name.text)}.value = undefined`);
  }

  /** The target of a declaration's assignment: a pattern of names becomes a pattern of variables. */
  private visitTarget(target: ts.BindingName): void {
    const { ts } = typescript;
    if (ts.isIdentifier(target)) this.replace(target, `${this.box(target.text)}.value`);
    else for (const element of target.elements) if (ts.isBindingElement(element)) this.visitElement(element);
  }

  private visitElement({ name, propertyName, dotDotDotToken, initializer, parent }: ts.BindingElement): void {
    const { ts } = typescript;
    if (propertyName && ts.isComputedPropertyName(propertyName)) this.visit(propertyName);
    const isShorthand = ts.isObjectBindingPattern(parent) && !propertyName && !dotDotDotToken;
    if (isShorthand && ts.isIdentifier(name)) this.insert(name.getStart(this.file), `${property(name)}: `);
    this.visitTarget(name);
    if (!initializer) return;
    if (ts.isIdentifier(name)) this.visitNamed(initializer, name);
    else this.visit(initializer);
  }

  /**
   * An anonymous function or class that is assigned to a name takes that name; assigning it through a property does
   * the same.
   */
  private visitNamed(value: ts.Expression, name: ts.Identifier): void {
    const isNamed = isAnonymousFunction(value) && this.isVariable(name);
    if (isNamed) this.insert(value.getStart(this.file), `{ ${property(name)}: `);
    this.visit(value);
    if (isNamed) this.insert(value.end, ` }.${name.text}`);
  }

  /** Whether an identifier refers to a variable of the notebook. */
  private isVariable(identifier: ts.Identifier): boolean {
    const { text, escapedText } = identifier;
    const isKnown = this.exported.has(text) || (!this.scope.declares(escapedText) && this.isEarlier(text));
    return isKnown && !this.scope.isInner(identifier);
  }

  /** The name of the object that holds a variable. */
  private box(name: string): string {
    let box = this.boxes.get(name);
    if (!box) {
      box = this.scope.freeName(name, this.taken);
      this.boxes.set(name, box);
    }
    return box;
  }

  private insert(place: number, text: string): void {
    this.edits.insert(place, text);
  }

  private replace(node: ts.Node, text: string, isSticky = false): void {
    this.edits.replace(node.getStart(this.file), node.end, text, { isSticky });
  }

  private remove(statement: ts.Statement): void {
    this.edits.remove(statement.getStart(this.file), statement.end);
  }
}

/** A property name in an object literal, where `__proto__: value` would set the prototype. */
function property({ text }: ts.Identifier): string {
  return text === "__proto__" ? `["${text}"]` : text;
}

function namesIn(node: ts.Node): ts.Identifier[] {
  const { ts } = typescript;
  if (ts.isVariableDeclarationList(node)) return node.declarations.flatMap(({ name }) => namesIn(name));
  if (ts.isBindingElement(node)) return namesIn(node.name);
  if (ts.isIdentifier(node)) return [node];
  if (ts.isObjectBindingPattern(node)) return node.elements.flatMap(namesIn);
  return ts.isArrayBindingPattern(node) ? node.elements.flatMap(namesIn) : [];
}

function isAwait(node: ts.Node): boolean {
  const { ts } = typescript;
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  const { SyntaxKind } = typescript.ts;
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

function isCallee(identifier: ts.Identifier): boolean {
  const { ts } = typescript;
  let node: ts.Node = identifier;
  while (ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  return ts.isTaggedTemplateExpression(parent) && parent.tag === node;
}

function isAnonymousFunction(expression: ts.Expression): boolean {
  const { ts } = typescript;
  if (ts.isParenthesizedExpression(expression)) return isAnonymousFunction(expression.expression);
  if (ts.isArrowFunction(expression)) return true;
  return (ts.isFunctionExpression(expression) || ts.isClassExpression(expression)) && !expression.name;
}

/**
 * An enum or a namespace is compiled to `var X;` and a function that fills `X || (X = {})`. Returns the name of one
 * that begins here, which has to be filled anew when the cell runs again.
 */
function freshObject(statement: ts.Statement, next: ts.Statement | undefined): ts.Identifier | undefined {
  const { ts } = typescript;
  if (!ts.isVariableStatement(statement) || !next || !ts.isExpressionStatement(next)) return undefined;
  const [{ name, initializer }, ...more] = statement.declarationList.declarations as unknown as [
    ts.VariableDeclaration,
    ...ts.VariableDeclaration[],
  ];
  if (initializer || more.length > 0 || !ts.isIdentifier(name)) return undefined;
  const { expression: call } = next;
  const filled = ts.isCallExpression(call) ? call.arguments[0]?.getText() : undefined;
  return filled === `${name.text} || (${name.text} = {})` ? name : undefined;
}

/** tslab starts every cell with an extra line. */
const LINES_BEFORE_CELL = 1;

/** The script has an extra first line, too. */
function toCell(mappings: Mapping[]): string {
  return encodeMappings(
    mappings
      .filter(({ originalLine }) => originalLine >= LINES_BEFORE_CELL)
      .map((mapping) => ({
        ...mapping,
        line: mapping.line + 1,
        originalLine: mapping.originalLine - LINES_BEFORE_CELL,
      })),
  );
}
