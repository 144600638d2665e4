import {
  createShapeError,
  createValueError,
  readFields,
  readItems,
  readOptional,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readChoice, readCount, readText, readWord } from "../../yaml/values.ts";
import type { TransferEndEvent, TransferKind, UntarredEntry } from "../build-model.ts";
import { readDigest, readSidecar } from "./sidecar.ts";

const KEYS = ["as", "tree", "file", "problem"] as const;
const TYPES = ["file", "directory", "symlink", "device", "character-device", "fifo", "socket", "other"] as const;

/** `synced`, `uploaded` or `exported`; `entries` stand beside it. */
export function readTransferEnd(
  transfer: TransferKind,
  value: YamlPlace,
  entries: YamlPlace | undefined,
): TransferEndEvent {
  const fields = readFields(value, KEYS, `\`${value.what}\``);
  const [as, tree, file, problem] = KEYS.map((key) => fields.get(key));
  if (as === undefined) throw createShapeError(value, `\`${value.what}\` must have the name of its transfer, \`as\``);
  if (file !== undefined && (tree ?? entries) !== undefined) {
    throw createShapeError(file, "a transfer has a `file`, or a `tree` and `entries`, not both");
  }
  return {
    kind: "transferred",
    transfer,
    as: readWord(as, "a name"),
    content:
      file !== undefined
        ? { kind: "bytes", file: readSidecar(file) }
        : {
            kind: "tree",
            ...readOptional("tar", tree, readSidecar),
            entries: entries === undefined ? [] : readItems(entries).map(readEntry),
          },
    ...readOptional("problem", problem, (place) => readText(place)),
  };
}

function readEntry(place: YamlPlace): UntarredEntry {
  const fields = readFields(place, ["path", "type", "mode", "size", "link", "sha256"], "an entry");
  const [path, type, mode, size] = ["path", "type", "mode", "size"].map((key) => fields.get(key));
  if (path === undefined || mode === undefined)
    throw createShapeError(place, "an entry must have a `path` and a `mode`");
  return {
    path: readWord(path, "a path"),
    type: type === undefined ? "file" : readChoice(type, TYPES),
    mode: readMode(mode),
    size: size === undefined ? 0 : readCount(size),
    ...readOptional("link", fields.get("link"), (target) => readText(target)),
    ...readOptional("sha256", fields.get("sha256"), readDigest),
  };
}

function readMode(place: YamlPlace): number {
  const text = readText(place);
  if (!/^[0-7]{3,4}$/.test(text)) throw createValueError(place, "a mode like `644`");
  return Number.parseInt(text, 8);
}
