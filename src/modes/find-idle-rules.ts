/** Rules that concern no request: their field may be misspelled. */
import { escapePattern } from "../base/escape-pattern.ts";
import { parseBoundedJson } from "../base/parse-json.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import { toDottedField } from "../match/rules/dotted-field.ts";

/**
 * Those of `fields` that no recorded request has. Parts of files and of builds are never among them: they are not looked
 * for.
 * @param fields of rules: `query.t`, `json.HostConfig.Memory`, `headers.X-Tenant`
 */
export function findIdleRules(
  { entries }: Pick<CassetteWalk, "entries">,
  fields: readonly string[],
): readonly string[] {
  const open = new Set(fields.filter((field) => /^(?:query|json|headers)\./.test(field)));
  for (const entry of entries) {
    if (open.size === 0) break;
    for (const field of open) if (hasField(entry, toDottedField(field))) open.delete(field);
  }
  return fields.filter((field) => open.has(field));
}

function hasField(entry: CassetteEntry, field: string): boolean {
  const [kind = "", ...rest] = field.split(".");
  const path = rest.join(".");
  if (kind === "query") return new URLSearchParams(entry.target.split("?")[1] ?? "").has(path);
  if (kind === "headers") return hasHeader(entry, path);
  // Most requests have no body; their documents need not be parsed.
  if (entry.method === "GET" || entry.method === "HEAD" || !entry.readText().includes(path.split(".").at(-1) ?? ""))
    return false;
  const { body } = entry.skim().exchange.request;
  return Buffer.isBuffer(body) && hasPath(parseBody(body), path);
}

function hasHeader(entry: CassetteEntry, name: string): boolean {
  // The text may be megabytes long, and is not copied to be searched.
  if (!new RegExp(escapePattern(name), "i").test(entry.readText())) return false;
  const sought = name.toLowerCase();
  return entry.skim().exchange.request.headers.some(([field]) => field.toLowerCase() === sought);
}

/** A JSON body; undefined for any other. */
export function parseBody(body: Buffer): unknown {
  try {
    return parseBoundedJson(body.toString());
  } catch {
    // A body that is no JSON has no members.
    return undefined;
  }
}

/** A member's name may have dots itself. */
function hasPath(value: unknown, path: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      name === path ||
      (path.startsWith(`${name}.`) && hasPath(inner, path.slice(name.length + 1))) ||
      (Array.isArray(value) && hasPath(inner, path)),
  );
}
