import { extent, type Json } from "./json";

type Trace = { [key: string]: Json };

/**
 * Summarizes a figure as text: its title, then a line per trace with the number of points and the range of its values.
 * Traces without a name, such as single runs beneath their mean, are omitted.
 */
export function summarize(data: Json[], layout: { [key: string]: Json }): string {
  const traces = data.filter(isTrace).flatMap((trace) => describe(trace) ?? []);
  return [titleOf(layout), ...traces.map((line) => `  ${line}`)].join("\n");
}

function isTrace(value: Json): value is Trace {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function titleOf(layout: { [key: string]: Json }): string {
  const title = layout.title;
  const text = title && typeof title === "object" && !Array.isArray(title) ? title.text : title;
  return typeof text === "string" && text !== "" ? plainText(text) : "Figure";
}

function describe({ name, x, y, z, fill }: Trace): string | undefined {
  if (typeof name !== "string") return undefined;
  const label = plainText(name);
  if (fill === "toself") return `shaded area: ${label}`;
  if (Array.isArray(z)) {
    const columns = z.reduce<number>((most, row) => Math.max(most, Array.isArray(row) ? row.length : 1), 0);
    return `${label}: ${z.length} × ${columns} values${rangeOf("", z.flat())}`;
  }
  const values = Array.isArray(y) ? y : Array.isArray(x) ? x : [];
  const abscissas = Array.isArray(x) && Array.isArray(y) ? x : [];
  const points = values.length === 1 ? "1 point" : `${values.length} points`;
  return `${label}: ${points}${rangeOf("x", abscissas)}${rangeOf(Array.isArray(y) ? "y" : "x", values)}`;
}

function rangeOf(letter: string, values: Json[]): string {
  const range = extent(values.filter((value): value is number => typeof value === "number"));
  return range ? `, ${letter && `${letter} `}from ${brief(range[0])} to ${brief(range[1])}` : "";
}

function brief(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}

/** Converts Plotly's markup to plain text: removes tags, replaces line breaks by spaces, and decodes entities. */
export function plainText(markup: string): string {
  const entities: Record<string, string> = {
    lt: "<",
    gt: ">",
    amp: "&",
    nbsp: " ",
    times: "×",
    plusmn: "±",
    deg: "°",
    mu: "μ",
  };
  return markup
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/<\/?(?:sub|sup|b|i|u|s|em|a|span)\b[^<>]*>/gi, "")
    .replace(/&(\w+);/g, (entity, name) => (Object.hasOwn(entities, name) ? entities[name]! : entity));
}
