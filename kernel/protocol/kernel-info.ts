import { type Content, PROTOCOL_VERSION } from "./wire";

/** The content of a `kernel_info_reply`. */
export function kernelInfo(): Content {
  const { version } = require("tslab/package.json") as { version: string };
  const { version: typescript } = require("@tslab/typescript-for-tslab/package.json") as { version: string };
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "tslab",
    implementation_version: version,
    banner: `TypeScript ${typescript} on Node ${process.version}: weightspace's kernel over tslab ${version}`,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
    },
    debugger: false,
    supported_features: [],
    help_links: [{ text: "tslab", url: "https://github.com/yunabe/tslab" }],
  };
}
