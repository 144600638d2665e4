/** Parses `RUN --mount=type=cache,target=/c` (buildkit frontend/dockerfile/instructions/commands_runmount.go). */
import { badParameter } from "../../model/api-error.ts";

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

const TYPES: ReadonlySet<string> = new Set(["bind", "cache", "tmpfs", "secret", "ssh"]);
const ALIASES: Readonly<Record<string, string>> = {
  dst: "target",
  destination: "target",
  src: "source",
  ro: "readonly",
};

/** @param text the flag's values, with blanks between them. @throws ApiError 400 for an unknown type or key */
export function parseRunMounts(text: string): readonly RunMount[] {
  return text
    .split(" ")
    .filter((one) => one !== "")
    .map(parseRunMount);
}

function parseRunMount(text: string): RunMount {
  const keys = new Map(
    text.split(",").map((pair): [string, string] => {
      const [key = "", value = "true"] = pair.split(/=(.*)/s);
      return [ALIASES[key] ?? key, value];
    }),
  );
  const type = keys.get("type") ?? "bind";
  if (!TYPES.has(type)) throw badParameter(`unsupported mount type ${JSON.stringify(type)}`);
  const isSecret = type === "secret" || type === "ssh";
  return {
    type: type as RunMount["type"],
    target: keys.get("target") ?? "",
    source: keys.get("source") ?? "",
    from: keys.get("from") ?? "",
    id: keys.get("id") ?? "",
    env: keys.get("env") ?? "",
    isReadOnly: isOn(keys.get("readonly")) || (type === "bind" && !isOn(keys.get("rw") ?? keys.get("readwrite"))),
    isRequired: isOn(keys.get("required")),
    mode: Number.parseInt(keys.get("mode") ?? (isSecret ? "400" : "755"), 8),
    uid: Number(keys.get("uid") ?? 0),
    gid: Number(keys.get("gid") ?? 0),
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "false" && value !== "0";
}
