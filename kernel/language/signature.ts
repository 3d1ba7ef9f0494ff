import type { CellView } from "./compiler";
import { codeOf, type Documentation } from "./documentation";
import { neverCancelled, services } from "./services";
import type { ts } from "./typescript";

/**
 * Returns the signature of the call whose brackets surround the cursor, or undefined if there is none. Of several
 * overloads, the one that matches the arguments comes first.
 *
 * @param cursor The offset from the cell's start, in UTF-16 units.
 */
export function signatureAt({ program, file, offset }: CellView, cursor: number): Documentation | undefined {
  const reason = { kind: "invoked" } as const;
  const help = services.SignatureHelp.getSignatureHelpItems(
    program,
    file,
    cursor + offset,
    reason,
    neverCancelled,
  );
  const fitting = help?.items[help.selectedItemIndex];
  if (!help || !fitting) return undefined;
  const others = help.items.filter((item) => item !== fitting);
  const code = [fitting, ...others].map(signatureOf).join("\n");
  return { code, text: fitting.documentation, tags: fitting.tags };
}

function signatureOf(item: ts.SignatureHelpItem): string {
  const parameters = item.parameters.flatMap(({ displayParts }, index) =>
    index === 0 ? displayParts : [...item.separatorDisplayParts, ...displayParts],
  );
  return codeOf([...item.prefixDisplayParts, ...parameters, ...item.suffixDisplayParts]);
}
