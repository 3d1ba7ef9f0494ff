/** The value that an object itself has under a name, not one that it inherits, such as `constructor`. */
export function ownValue<Value>(values: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
