import type { CellView } from "./compiler";
import { codeOf, type Documentation } from "./documentation";
import { neverCancelled, services } from "./services";
import type { ts } from "./typescript";

/**
 * The signature of the call in whose brackets the cursor stands, or undefined where there is none: of its overloads
 * the one that the arguments fit comes first.
 *
 * @param cursor In UTF-16 units from the cell's start.
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
