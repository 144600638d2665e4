/** What certificates may be in options. */
import { bytesKind, textKind } from "../../base/options/common-kinds.ts";
import { chosenKind, type OptionKind, recordOf } from "../../base/options/option-kind.ts";
import type { ServerTls } from "./server-tls.ts";

const pemKind: OptionKind = chosenKind("a PEM in a `Buffer`", (value) => {
  if (typeof value === "string") return textKind;
  return ArrayBuffer.isView(value) ? bytesKind : undefined;
});

export const tlsKind: OptionKind = recordOf<ServerTls>(
  { ca: pemKind, cert: pemKind, key: pemKind },
  "certificates (an object)",
  ["cert", "key"],
);
