/**
 * A circle of imports, its first member again at its end; undefined where there is none.
 *
 * @param graph What each member imports.
 */
export function circleIn(graph: ReadonlyMap<string, Iterable<string>>): string[] | undefined {
  const done = new Set<string>();
  const search = (member: string, above: string[]): string[] | undefined => {
    if (above.includes(member)) return [...above.slice(above.indexOf(member)), member];
    if (done.has(member)) return undefined;
    for (const next of graph.get(member) ?? []) {
      const circle = search(next, [...above, member]);
      if (circle) return circle;
    }
    done.add(member);
    return undefined;
  };
  for (const member of graph.keys()) {
    const circle = search(member, []);
    if (circle) return circle;
  }
  return undefined;
}
