/** Looks up an object's own property, not an inherited one such as `constructor`; undefined if there is none. */
export function ownValue<Value>(values: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
