import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { dataFolder } from "../../lib/data/fetch/manifest";
import { projectFolder } from "../../lib/notebook/project";
import { type CodeBlock, codeBlocksOf, outputsOf, typeErrorsOf } from "./code-blocks";

const paths = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(projectFolder, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const pages: Record<string, CodeBlock[]> = Object.fromEntries(
  paths
    .map((path) => [path, codeBlocksOf(readFileSync(join(projectFolder, path), "utf8"))] as const)
    .filter(([, blocks]) => blocks.length > 0),
);

after(() => rmSync(join(dataFolder(), "records", "99-example"), { recursive: true, force: true }));

test("the code of the documentation has no type errors", () => {
  assert.ok(Object.keys(pages).length > 3, "pages with code are found");
  assert.deepEqual(typeErrorsOf(pages), []);
});

test("the first study takes at most 60 lines", () => {
  const lines = pages["docs/first-study.md"]!.flatMap(({ code }) => code.split("\n")).filter((line) =>
    line.trim(),
  );
  assert.ok(lines.length <= 60, `${lines.length} lines`);
});

for (const [path, blocks] of Object.entries(pages)) {
  test(`the code of ${path} runs and prints what the page says`, async () => {
    const profile = process.env["WEIGHTSPACE_PROFILE"];
    process.env["WEIGHTSPACE_PROFILE"] = "smoke";
    try {
      const outputs = await outputsOf(blocks);
      assert.equal(outputs.length, blocks.length);
      for (const [i, { line, output }] of blocks.entries()) {
        if (output !== undefined) assert.equal(outputs[i], output, `the block at line ${line}`);
      }
    } finally {
      if (profile === undefined) delete process.env["WEIGHTSPACE_PROFILE"];
      else process.env["WEIGHTSPACE_PROFILE"] = profile;
    }
  });
}

const page = `A page.

\`\`\`ts
import { spearman } from "../lib";
const four: number = 4;
\`\`\`

\`\`\`sh
npm test
\`\`\`

\`\`\`ts
console.log(four, typeof spearman);
await Promise.resolve();
\`\`\`

\`\`\`text
4 function
\`\`\`
`;

test("blocks of TypeScript are found, with the text that follows one", () => {
  assert.deepEqual(codeBlocksOf(page), [
    { line: 3, code: 'import { spearman } from "../lib";\nconst four: number = 4;\n' },
    {
      line: 12,
      code: "console.log(four, typeof spearman);\nawait Promise.resolve();\n",
      output: "4 function\n",
    },
  ]);
});

test("a block sees those before it, and what it prints is told", async () => {
  assert.deepEqual(await outputsOf(codeBlocksOf(page)), ["", "4 function\n"]);
  await assert.rejects(outputsOf([{ line: 1, code: 'throw new Error("here")' }]), /here/);
});

test("type errors are told with their page and line", () => {
  const wrong = page.replace("typeof spearman", "four.length").replace("= 4", '= "4"');
  assert.deepEqual(typeErrorsOf({ "docs/a.md": codeBlocksOf(wrong), "docs/b.md": codeBlocksOf(page) }), [
    "docs/a.md:5: Type 'string' is not assignable to type 'number'.",
    "docs/a.md:13: Property 'length' does not exist on type 'number'.",
  ]);
});
