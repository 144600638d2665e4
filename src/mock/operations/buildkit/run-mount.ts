/** Parses `RUN --mount=type=cache,target=/c` (buildkit frontend/dockerfile/instructions/commands_runmount.go). */
import { badParameter } from "../../model/api-error.ts";
import { formatSuggestion } from "../dockerfile/suggest-word.ts";

export interface RunMount {
  readonly type: "bind" | "cache" | "tmpfs" | "secret" | "ssh";
  readonly target: string;
  readonly source: string;
  /** A stage or an image; empty for the build context. */
  readonly from: string;
  readonly id: string;
  /** The variable that gets a secret. */
  readonly env: string;
  readonly isReadOnly: boolean;
  readonly isRequired: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const TYPES: readonly string[] = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARING: readonly string[] = ["shared", "private", "locked"];
const ALIASES: Readonly<Record<string, string>> = {
  dst: "target",
  destination: "target",
  src: "source",
  ro: "readonly",
  rw: "readwrite",
};
const KEYS: readonly string[] =
  "type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env".split(
    " ",
  );
/** The keys that need no value. */
const SWITCHES: ReadonlySet<string> = new Set(["readonly", "readwrite", "required"]);

/**
 * @param text the flag's values, with blanks between them
 * @param expand replaces the variables of a value
 * @throws ApiError 400 for an unknown type, key or value
 */
export function parseRunMounts(text: string, expand: (word: string) => string = (word) => word): readonly RunMount[] {
  return text
    .split(" ")
    .filter((one) => one !== "")
    .map((one) => parseRunMount(one, expand));
}

/**
 * The fields of mounts as they are written, by name. A plan needs to know what a RUN reads before its variables are known.
 * @param text as `parseRunMounts` takes it
 */
export function listMountFields(text: string): readonly ReadonlyMap<string, string>[] {
  return text
    .split(" ")
    .filter((one) => one !== "")
    .map((one) => {
      const pairs = one.split(",").map((field) => field.split(/=(.*)/s));
      return new Map(pairs.map(([key = "", value = ""]) => [ALIASES[key.toLowerCase()] ?? key.toLowerCase(), value]));
    });
}

function parseRunMount(text: string, expand: (word: string) => string): RunMount {
  const keys = new Map(text.split(",").map((field) => parseField(field, expand)));
  const type = keys.get("type") ?? "bind";
  const isSecret = type === "secret" || type === "ssh";
  if (!TYPES.includes(type))
    throw badParameter(`unsupported mount type ${JSON.stringify(type)}${formatSuggestion(type, TYPES)}`);
  if (keys.has("required") && !isSecret) throw badParameter(`unexpected key 'required' for mount type '${type}'`);
  checkMount(type, keys);
  return {
    type: type as RunMount["type"],
    target: keys.get("target") ?? "",
    source: keys.get("source") ?? "",
    from: keys.get("from") ?? "",
    id: keys.get("id") ?? "",
    env: keys.get("env") ?? "",
    isReadOnly: isOn(keys.get("readonly")) || (type === "bind" && !isOn(keys.get("readwrite"))),
    isRequired: isOn(keys.get("required")),
    mode: Number.parseInt(keys.get("mode") ?? (isSecret ? "400" : "755"), 8),
    uid: Number(keys.get("uid") ?? 0),
    gid: Number(keys.get("gid") ?? 0),
  };
}

function parseField(field: string, expand: (word: string) => string): [string, string] {
  const [written = "", raw] = field.split(/=(.*)/s);
  const key = written.toLowerCase();
  if (raw === undefined) {
    if (SWITCHES.has(ALIASES[key] ?? key)) return [ALIASES[key] ?? key, "true"];
    throw badParameter(`invalid field '${field}' must be a key=value pair`);
  }
  if (!KEYS.includes(key)) throw badParameter(`unexpected key '${key}' in '${field}'${formatSuggestion(key, KEYS)}`);
  const value = expand(raw);
  const name = ALIASES[key] ?? key;
  return [name, name === "type" || name === "sharing" ? value.toLowerCase() : value];
}

function checkMount(type: string, keys: ReadonlyMap<string, string>): void {
  const isMode = /^[0-7]+$/.test(keys.get("mode") ?? "0");
  if (!isMode) throw badParameter(`invalid value ${keys.get("mode")} for mode`);
  for (const key of ["uid", "gid"]) {
    if (!/^\d+$/.test(keys.get(key) ?? "0")) throw badParameter(`invalid value ${keys.get(key)} for ${key}`);
  }
  if (type === "bind" || type === "tmpfs") {
    const foreign = ["mode", "uid", "gid"].find((key) => keys.has(key));
    if (foreign !== undefined) throw badParameter(`${foreign} not allowed for "${type}" type mounts`);
  }
  const sharing = keys.get("sharing");
  if (sharing !== undefined && !SHARING.includes(sharing))
    throw badParameter(`unsupported sharing value ${JSON.stringify(sharing)}${formatSuggestion(sharing, SHARING)}`);
  if (sharing !== undefined && type !== "cache") throw badParameter(`invalid cache sharing set for ${type} mount`);
  if (type === "secret" && !["source", "target", "id"].some((key) => keys.has(key)))
    throw badParameter("invalid secret mount. one of source, target required");
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "false" && value !== "0";
}
