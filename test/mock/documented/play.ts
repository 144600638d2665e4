/** Plays a case: asks what comes before, fills in what that gave, and asks what the case is about. */
import type { Heard } from "../../playbook/mocked.ts";
import type { Version } from "./endpoints.ts";
import type { Before, Case } from "./row.ts";

/** How a request goes out; see `Asked`. */
export type Sending = Pick<Case, "body" | "headers" | "sends" | "hears">;

/** A daemon, simulated or real. `line`: `GET /v1.21/containers/json`. */
export interface Stage {
  asks(line: string, sending: Sending): Promise<Heard>;
}

export async function play(stage: Stage, endpoint: string, version: Version, wanted: Case): Promise<Heard> {
  const kept = new Map<string, string>();
  for (const before of wanted.first ?? []) await askBefore(stage, version, before, kept);
  return stage.asks(lineOf(endpoint, version, wanted, kept), wanted);
}

async function askBefore(stage: Stage, version: Version, before: Before, kept: Map<string, string>): Promise<void> {
  const { asks, body, keeps } =
    typeof before === "string" ? { asks: before, body: undefined, keeps: undefined } : before;
  const [method = "", path = ""] = filled(asks, kept).split(" ");
  const answer = await stage.asks(`${method} /v${version}${path}`, body === undefined ? {} : { body });
  if (answer.status >= 400) throw new Error(`${asks} was answered ${answer.status}: ${answer.text}`);
  if (keeps !== undefined) kept.set(keeps, answer.json.Id);
}

function lineOf(endpoint: string, version: Version, { of, query }: Case, kept: ReadonlyMap<string, string>): string {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = of === undefined ? template : template.replace(/\{\w+\}/, filled(of, kept));
  return `${method} /v${version}${path}${query === undefined ? "" : `?${query}`}`;
}

function filled(text: string, kept: ReadonlyMap<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
}
