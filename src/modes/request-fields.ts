/** The parts of the recorded requests as rules name them. */
import type { CassetteWalk } from "../cassette/read.ts";
import { parseBody } from "./find-idle-rules.ts";

/** `query.name`, `json.HostConfig.Memory`, `headers.X-Tenant`: each once. Members of lists stand for themselves. */
export function listRequestFields({ entries }: Pick<CassetteWalk, "entries">): readonly string[] {
  const fields = new Set<string>();
  for (const entry of entries) {
    const { target, isBare } = entry;
    for (const name of new URLSearchParams(target.split("?")[1] ?? "").keys()) fields.add(`query.${name}`);
    if (isBare) continue;
    const { headers, body } = entry.skim().exchange.request;
    for (const [name] of headers) fields.add(`headers.${name}`);
    if (Buffer.isBuffer(body)) addMembers(fields, "json", parseBody(body));
  }
  return [...fields];
}

function addMembers(fields: Set<string>, path: string, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value) addMembers(fields, path, item);
  else
    for (const [name, inner] of Object.entries(value)) {
      fields.add(`${path}.${name}`);
      addMembers(fields, `${path}.${name}`, inner);
    }
}
