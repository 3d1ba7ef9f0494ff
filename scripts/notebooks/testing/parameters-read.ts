import ts from "typescript";

/**
 * The parameters that the trainings of each experiment read of `params`, besides those they are handed: in the `start`
 * of each `defineExperiment`, in whatever it uses of the notebook, and in what that uses.
 *
 * @param source The code of a notebook's cells.
 * @returns For each experiment in the order of the source the names, sorted; `params` where the whole of it is used.
 */
export function parametersRead(source: string): string[][] {
  const { file, checker } = checked(source);
  return startsIn(file).map((start) => [...new Reading(file, checker, start).names].sort());
}

function checked(source: string): { file: ts.SourceFile; checker: ts.TypeChecker } {
  const file = ts.createSourceFile("notebook.ts", source, ts.ScriptTarget.ES2022, true);
  const options = { noLib: true, noResolve: true, target: ts.ScriptTarget.ES2022 };
  const host = { ...ts.createCompilerHost(options), getSourceFile: () => file };
  return { file, checker: ts.createProgram([file.fileName], options, host).getTypeChecker() };
}

function startsIn(file: ts.SourceFile): ts.Node[] {
  return [...nodesIn(file)].flatMap((node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== "defineExperiment") return [];
    const [experiment] = node.arguments;
    if (!experiment || !ts.isObjectLiteralExpression(experiment)) return [];
    return experiment.properties.filter((property) => property.name?.getText() === "start");
  });
}

/** A node and all below it, but for types. */
function* nodesIn(node: ts.Node): Generator<ts.Node> {
  if (ts.isTypeNode(node)) return;
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

/** Follows what one `start` uses. */
class Reading {
  readonly names = new Set<string>();
  private readonly visited = new Set<ts.Node>();

  constructor(
    private readonly file: ts.SourceFile,
    private readonly checker: ts.TypeChecker,
    private readonly start: ts.Node,
  ) {
    this.visit(start);
  }

  private visit(node: ts.Node | undefined): void {
    if (!node || this.visited.has(node)) return;
    this.visited.add(node);
    for (const each of nodesIn(node)) if (ts.isIdentifier(each)) this.use(each);
  }

  private use(identifier: ts.Identifier): void {
    const { parent } = identifier;
    const symbol = ts.isShorthandPropertyAssignment(parent)
      ? this.checker.getShorthandAssignmentValueSymbol(parent)
      : this.checker.getSymbolAtLocation(identifier);
    const declaration = symbol?.valueDeclaration;
    if (!declaration) return;
    if (isParams(declaration)) {
      this.names.add(ts.isPropertyAccessExpression(parent) ? parent.name.text : "params");
    } else if (ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration)) {
      this.visit(declaration);
    } else if (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration)) {
      this.follow(declaration);
    } else if (ts.isBindingElement(declaration)) {
      this.followElement(declaration);
    }
  }

  private follow(declaration: ts.VariableDeclaration | ts.ParameterDeclaration): void {
    this.visit(declaration.initializer);
    if (ts.isVariableDeclaration(declaration)) {
      const { parent } = declaration.parent;
      if (ts.isForOfStatement(parent)) this.visit(parent.expression);
    } else if (this.encloses(declaration.parent)) this.visitArguments(declaration);
  }

  private followElement(element: ts.BindingElement): void {
    const root = ts.walkUpBindingElementsAndPatterns(element);
    const isOfParams =
      ts.isVariableDeclaration(root) &&
      root.initializer?.getText() === "params" &&
      element.parent.parent === root;
    if (isOfParams) this.names.add((element.propertyName ?? element.name).getText());
    else this.follow(root);
  }

  private encloses(node: ts.Node): boolean {
    return node !== this.start && node.pos <= this.start.pos && node.end >= this.start.end;
  }

  /** What the callers of a function that makes the experiment give for one of its parameters. */
  private visitArguments(parameter: ts.ParameterDeclaration): void {
    const { parent } = parameter;
    const name = parent.name ?? (ts.isVariableDeclaration(parent.parent) ? parent.parent.name : undefined);
    const index = parent.parameters.indexOf(parameter);
    for (const node of nodesIn(this.file)) {
      if (name && ts.isCallExpression(node) && node.expression.getText() === name.getText()) {
        this.visit(node.arguments[index]);
      }
    }
  }
}

function isParams(declaration: ts.Declaration): boolean {
  return ts.isVariableDeclaration(declaration) && declaration.name.getText() === "params";
}
