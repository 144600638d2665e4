/** Which operation a request means, as far as its secrets are concerned: odd spellings of a path hide nothing. */
import { parseOperation } from "../wire/operations/operation.ts";

/** Their requests, and their answers, hold little but secrets: what cannot be read is blanked whole. */
const SECRET_REQUESTS: ReadonlySet<string> = new Set([
  "SystemAuth",
  "SwarmInit",
  "SwarmUpdate",
  "SwarmJoin",
  "SwarmUnlock",
  "SecretCreate",
  "SecretUpdate",
  "ConfigCreate",
  "ConfigUpdate",
]);
const SECRET_ANSWERS: ReadonlySet<string> = new Set(["SystemAuth", "SwarmInspect", "SwarmUnlockkey"]);

/** What is secret in these is told by the operation, and not by a name. */
const SECRET_OPERATIONS = /^(?:SystemAuth|Swarm|Secret|Config|Plugin|GetPluginPrivileges)/;

/** `//v1.41/auth` and `/v1.41/auth/` are `SystemAuth`: gorilla/mux redirects clients there, and they say it all again. */
export function findSecretOperation(method: string, target: string): string {
  const { name } = parseOperation(method, target);
  if (name !== "Unknown") return name;
  const [path = ""] = target.split(/[?#]/);
  return parseOperation(method, cleanPath(path)).name;
}

function cleanPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path
    .replace(/%2f/gi, "/")
    .replace(/;[^/]*/g, "")
    .split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

export function isSecretBody(operation: string, side: "request" | "answer"): boolean {
  return (side === "request" ? SECRET_REQUESTS : SECRET_ANSWERS).has(operation);
}

/** Whether the operation tells that values in its JSON are secret. */
export function isSecretOperation(operation: string): boolean {
  return SECRET_OPERATIONS.test(operation);
}
