import { TYPES } from "./data-types";
import { initialName, type Node, type Program, type Update } from "./program";

/**
 * Prints a program: its inputs and variables, its operations one a line in execution order, then the values that the
 * variables are assigned and those that are returned.
 */
export function programText({ feeds, constants, assigned, steps, results }: Program): string {
  const lines = [
    ...feeds.map(({ name, source, shape, dtype }) => `${name} = ${sourceText(source)}: ${dtype} [${shape}]`),
    ...assigned.map(
      ({ variable }, i) =>
        `${initialName(i)} = variable "${variable.name}": ${variable.dtype} [${variable.shape}]`,
    ),
    ...constants.map(
      ({ name, constant }) => `${name} = constant: ${typeName(constant.dtype)} [${constant.shape}]`,
    ),
    ...steps.map(stepText),
    ...assigned.flatMap(({ value }, i) => (value === undefined ? [] : [`${initialName(i)} ← ${value}`])),
    `return ${results.join(", ")}`,
  ];
  return lines.join("\n");
}

function sourceText(source: Program["feeds"][number]["source"]): string {
  if ("input" in source) return `input ${source.input}`;
  return "variable" in source ? `variable "${source.variable.name}"` : "captured tensor";
}

function stepText(step: Node | Update): string {
  if ("op" in step) {
    const variables = step.variables.map(({ position }) => initialName(position));
    return `${step.name} = ${step.op}(${[...variables, ...step.inputs].join(", ")}) in place`;
  }
  return `${step.name} = ${step.operation.op}(${step.inputs.join(", ")})`;
}

function typeName(dtype: number): string {
  return Object.entries(TYPES).find(([, number]) => number === dtype)?.[0] ?? `type ${dtype}`;
}
