import type { Mapping } from "./mappings";

interface Edit {
  start: number;
  end: number;
  text: string;
  /**
   * Whether the position right after the edit maps to it, as an opening bracket does to the function that is called.
   */
  isSticky: boolean;
}

/** Edits of a text, collected in any order, that keep every line in its place. */
export class Edits {
  private readonly edits: Edit[] = [];

  constructor(private readonly text: string) {}

  insert(place: number, text: string): void {
    this.edits.push({ start: place, end: place, text, isSticky: false });
  }

  replace(start: number, end: number, text: string, { isSticky = false } = {}): void {
    this.edits.push({ start, end, text, isSticky });
  }

  /** Removes a range of the text except for its line breaks. */
  remove(start: number, end: number): void {
    this.replace(start, end, this.text.slice(start, end).replace(/[^\n]+/g, ""));
  }

  /** Returns the edited text, with the mappings of the original converted to mappings of it. */
  apply(mappings: Mapping[]): { text: string; mappings: Mapping[] } {
    this.edits.sort((a, b) => a.start - b.start);
    let text = "";
    let done = 0;
    for (const edit of this.edits) {
      text += this.text.slice(done, edit.start) + edit.text;
      done = edit.end;
    }
    return { text: text + this.text.slice(done), mappings: this.shift(mappings) };
  }

  private shift(mappings: Mapping[]): Mapping[] {
    const lineStarts = startsOfLines(this.text);
    const shifted: Mapping[] = [];
    let [next, line, shift] = [0, -1, 0];
    for (const mapping of mappings) {
      const place = lineStarts[mapping.line]! + mapping.column;
      let isWithin = false;
      for (; next < this.edits.length && this.edits[next]!.start < place; next++) {
        const edit = this.edits[next]!;
        isWithin = place < edit.end || (edit.isSticky && place === edit.end);
        if (place < edit.end) break;
        // An edit moves only the text after it in its last line.
        const editLine = lineOf(lineStarts, edit.end);
        if (editLine !== line) [line, shift] = [editLine, 0];
        shift += shiftBehind(this.text, edit, lineStarts[editLine]!);
      }
      if (isWithin) continue;
      shifted.push({ ...mapping, column: mapping.column + (line === mapping.line ? shift : 0) });
    }
    return shifted;
  }
}

/** The number of columns by which an edit moves the text after it in the line in which it ends. */
function shiftBehind(text: string, { start, end, text: replacement }: Edit, lineStart: number): number {
  const breaks = text.slice(start, end).includes("\n");
  if (!breaks) return replacement.length - (end - start);
  return replacement.length - replacement.lastIndexOf("\n") - 1 - (end - lineStart);
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let place = text.indexOf("\n"); place >= 0; place = text.indexOf("\n", place + 1)) {
    starts.push(place + 1);
  }
  return starts;
}

function lineOf(starts: number[], place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
