import type { MimeBundle } from "../link/messages";
import { currentHost } from "./host";

/** tslab's own module, which existing notebooks use: its `display` writes through the hook that is set here. */
export function tslab(): unknown {
  const jupyter = require("tslab/dist/jupyter") as {
    lastWriteDisplayData: (
      content: { data: MimeBundle; transient: { display_id?: string } },
      update?: boolean,
    ) => void;
  };
  jupyter.lastWriteDisplayData = ({ data, transient }, update) =>
    currentHost().display(data, { id: transient.display_id, update });
  return require("tslab");
}
