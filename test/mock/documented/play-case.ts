/** Plays a case: asks what comes before, fills in what that gave, and asks what the case is about. */
import type { TestResponse } from "../../playbook/mocked.ts";
import type { SetupRequest, StatusCase } from "./endpoint-row.ts";
import type { DocumentVersion } from "./endpoints.ts";

/** How a request goes out; see `Asked`. */
export type RequestOptions = Pick<StatusCase, "body" | "headers" | "sendsAfterHead" | "listensMs">;

/** A daemon, simulated or real. `line`: `GET /v1.21/containers/json`. */
export interface DaemonUnderTest {
  request(line: string, sending: RequestOptions): Promise<TestResponse>;
}

export async function playCase(
  stage: DaemonUnderTest,
  endpoint: string,
  version: DocumentVersion,
  statusCase: StatusCase,
): Promise<TestResponse> {
  const kept = new Map<string, string>();
  for (const before of statusCase.first ?? []) await requestSetup(stage, version, before, kept);
  return stage.request(formatRequestLine(endpoint, version, statusCase, kept), statusCase);
}

async function requestSetup(
  stage: DaemonUnderTest,
  version: DocumentVersion,
  setup: SetupRequest,
  kept: Map<string, string>,
): Promise<void> {
  const { asks, body, keeps } = typeof setup === "string" ? { asks: setup, body: undefined, keeps: undefined } : setup;
  const [method = "", path = ""] = fillIn(asks, kept).split(" ");
  const answer = await stage.request(`${method} /v${version}${path}`, body === undefined ? {} : { body });
  if (answer.status >= 400) throw new Error(`${asks} was answered ${answer.status}: ${answer.text}`);
  if (keeps !== undefined) kept.set(keeps, answer.json.Id);
}

function formatRequestLine(
  endpoint: string,
  version: DocumentVersion,
  { pathValue: of, query }: StatusCase,
  kept: ReadonlyMap<string, string>,
): string {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = of === undefined ? template : template.replace(/\{\w+\}/, fillIn(of, kept));
  return `${method} /v${version}${path}${query === undefined ? "" : `?${query}`}`;
}

function fillIn(text: string, kept: ReadonlyMap<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
}
