import { type ts, typescript } from "./typescript";

type Locals = ReadonlyMap<ts.__String, ts.Symbol>;

/** Properties that the compiler's binder adds to a node, and its parser to a file. */
interface Bound {
  locals?: Locals;
  identifiers?: ReadonlyMap<string, string>;
}

/** Which names a JavaScript file declares, and where. */
export class Scope {
  constructor(private readonly file: ts.SourceFile) {
    typescript.ts.bindSourceFile(file, {});
  }

  /** Whether the file declares the name as a value at its top level. */
  declares(name: ts.__String): boolean {
    return declaresValue((this.file as Bound).locals?.get(name));
  }

  /** Whether an identifier refers to a declaration inside the file's functions, blocks and classes. */
  isInner(identifier: ts.Identifier): boolean {
    const { ts } = typescript;
    const name = identifier.escapedText;
    let child: ts.Node = identifier;
    for (let node = identifier.parent; node !== this.file; child = node, node = node.parent) {
      if ((ts.isClassLike(node) || ts.isFunctionExpression(node)) && node.name?.escapedText === name)
        return true;
      const symbol = (node as Bound).locals?.get(name);
      // Declarations in a function's body are not visible to the default values of its parameters.
      if (declaresValue(symbol) && (!ts.isParameter(child) || isParameter(symbol!))) return true;
    }
    return false;
  }

  /** Returns a name that does not occur in the file, as close to the wanted one as possible. */
  freeName(wanted: string, taken: Set<string>): string {
    const { identifiers } = this.file as Bound;
    let count = 1;
    while (identifiers?.has(`${wanted}_${count}`) || taken.has(`${wanted}_${count}`)) count++;
    taken.add(`${wanted}_${count}`);
    return `${wanted}_${count}`;
  }
}

/** Comments may declare types, to which code cannot refer. */
function declaresValue(symbol: ts.Symbol | undefined): boolean {
  const { Alias, Value } = typescript.ts.SymbolFlags;
  return symbol !== undefined && (symbol.flags & (Value | Alias)) !== 0;
}

function isParameter(symbol: ts.Symbol): boolean {
  const { ts } = typescript;
  return !!symbol.declarations?.some((declaration) => {
    let node: ts.Node = declaration;
    while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) {
      node = node.parent;
    }
    return ts.isParameter(node);
  });
}

/** Whether an identifier names a variable rather than a property, a label or a declaration. */
export function isReference(identifier: ts.Identifier): boolean {
  const { ts } = typescript;
  const { parent } = identifier;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === identifier;
  if (ts.isMetaProperty(parent) || ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) {
    return false;
  }
  if (ts.isBindingElement(parent)) return parent.initializer === identifier;
  const isNamed =
    ts.isObjectLiteralElement(parent) ||
    ts.isClassElement(parent) ||
    ts.isFunctionLike(parent) ||
    ts.isClassLike(parent) ||
    ts.isParameter(parent) ||
    ts.isVariableDeclaration(parent);
  return !isNamed || (parent as ts.NamedDeclaration).name !== identifier;
}
