/** What the registry of a simulated daemon may be. */
import {
  amountKind,
  contentKind,
  createNumberKind,
  flagKind,
  objectKind,
  textKind,
  textMapKind,
} from "../../base/options/common-kinds.ts";
import { chosenKind, defineKind, isRecord, mapOf, type OptionKind, recordOf } from "../../base/options/option-kind.ts";
import type { PullableImage, PullFailure, RegistryScript } from "./scripted-registry.ts";

const LAST_STATUS = 599;

const pullableKind: OptionKind = recordOf<PullableImage>(
  { files: mapOf(contentKind, "a map of files"), config: objectKind, isBare: flagKind },
  "an image (an object)",
);
const failureKind: OptionKind = recordOf<PullFailure>(
  { status: createNumberKind(LAST_STATUS), message: textKind, afterLayers: amountKind },
  "a failure (an object)",
  ["message"],
);
const scriptKind: OptionKind = recordOf<RegistryScript>(
  {
    images: mapOf(pullableKind, "a map of images"),
    hasAnyImage: flagKind,
    delayMs: amountKind,
    users: mapOf(textMapKind, "a map of users by registry"),
    failures: mapOf(failureKind, "a map of failures"),
  },
  "a registry (an object)",
);
/** A registry in code answers `find` itself. */
const ownKind: OptionKind = defineKind(
  "a registry with the function `find`",
  (value) => isRecord(value) && typeof value.find === "function",
);

export const registryKind: OptionKind = {
  ...chosenKind("a registry (an object)", (value) =>
    isRecord(value) ? ("find" in value ? ownKind : scriptKind) : undefined,
  ),
  ...(scriptKind.names === undefined ? {} : { names: scriptKind.names }),
};
