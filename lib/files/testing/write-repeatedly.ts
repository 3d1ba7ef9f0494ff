import { readFileSync } from "node:fs";
import { writeAtomically } from "../write-atomically";

/**
 * `write-repeatedly.ts FILE LETTER COUNT` writes a file of one repeated letter COUNT times, under process id 1 like the
 * first process of every container, and after each write checks that the file consists of one letter.
 */
function main([path, letter, count]: string[]): void {
  Object.defineProperty(process, "pid", { value: 1 });
  const sizes = [10, 200_000];
  for (let i = 0; i < Number(count); i++) {
    writeAtomically(path!, letter!.repeat(sizes[i % 2]!));
    const text = readFileSync(path!, "utf8");
    if (!sizes.includes(text.length) || text !== text[0]!.repeat(text.length)) {
      throw new Error(`read ${text.length} characters, from ${text[0]} to ${text.at(-1)}`);
    }
  }
}

main(process.argv.slice(2));
