/** The rows of the table: an endpoint, and a request for each status that its documents list. */
import type { EngineOptions } from "../../../src/mock/daemon/create-engine.ts";
import type { InitialState, MockedDaemon, TestResponse } from "../../playbook/mocked.ts";
import type { DocumentVersion } from "./endpoints.ts";
import type { JsonShape } from "./json-shape.ts";

export interface EndpointRow {
  /** `GET /containers/{id}/json` */
  readonly endpoint: string;
  /** The heading in the documents. */
  readonly section: string;
  readonly cases: readonly StatusCase[];
}

/** A request and the response that it must get. */
export interface StatusCase extends CaseRequest, ExpectedResponse {
  /** The status in the documents. */
  readonly status: number;
  /** What causes the status. */
  readonly because: string;
  /** The versions that the case is about. Default: all versions with the status in their document. */
  readonly versions?: readonly DocumentVersion[];
}

export interface CaseRequest {
  /** The value of `{id}` or `{name}` in the path. `{exec}` is an id that an earlier request kept. */
  readonly pathValue?: string;
  readonly query?: string;
  /** A JSON value, or bytes. */
  readonly body?: unknown;
  readonly headers?: readonly string[];
  /** What the client sends after the response's head, over a hijacked connection. */
  readonly sendsAfterHead?: string;
  /** How long the client reads a response without an end, in milliseconds. */
  readonly listensMs?: number;
  /** What the daemon has besides the common initial state, and its faults. */
  readonly setup?: InitialState;
  readonly engine?: Partial<EngineOptions>;
  /** Requests before, which must succeed. */
  readonly first?: readonly SetupRequest[];
}

/** `POST /containers/web/pause`, or a request with a body. `keeps` stores the response's `Id` under this name. */
export type SetupRequest = string | { readonly asks: string; readonly body?: unknown; readonly keeps?: string };

export interface ExpectedResponse {
  /** How dockerd 20.10 differs from the document. dockerd is right. */
  readonly realDifference?: string;
  /** The status of dockerd 20.10 in place of the document's. */
  readonly realStatus?: number;
  /** The content type, if an error is not text, or another response not JSON. */
  readonly contentType?: string | undefined;
  /** A part of the response's text. */
  readonly matches?: string | RegExp;
  readonly shape?: JsonShape;
  /** Where the response of dockerd 20.10 does not have that shape. */
  readonly misfits?: readonly string[];
  /** Checks more of the response, or of the daemon. */
  readonly check?: (answer: TestResponse, docker: MockedDaemon) => void | Promise<void>;
}

export function endpointRow(endpoint: string, section: string, ...cases: readonly StatusCase[]): EndpointRow {
  return { endpoint, section, cases };
}

export const OLD: readonly DocumentVersion[] = ["1.9"];
export const SINCE_1_18: readonly DocumentVersion[] = ["1.18", "1.19", "1.21"];
export const SINCE_1_19: readonly DocumentVersion[] = ["1.19", "1.21"];
export const UP_TO_1_19: readonly DocumentVersion[] = ["1.18", "1.19"];

export function respondsWith(
  status: number,
  because: string,
  more: Omit<StatusCase, "status" | "because"> = {},
): StatusCase {
  return { status, because, ...more };
}

/** A status that no request gives. A fault (docs/faults.md) gives it. */
export function respondsByFault(status: number, pathValue?: string, more: Partial<StatusCase> = {}): StatusCase {
  const message = "input/output error";
  const setup = { faults: [{ answer: { status, message } }] };
  const path = pathValue === undefined ? {} : { pathValue };
  return { status, because: "only a fault gives this status", matches: message, ...path, ...more, setup };
}

/** The path names an object that does not exist. */
export function respondsNotFound(what: string, matches: string | RegExp, more: Partial<StatusCase> = {}): StatusCase {
  return { status: 404, because: `there is no such ${what}`, pathValue: "nosuch", matches, ...more };
}

/** Whether only a fault gives the status. */
export function isByFault({ setup }: StatusCase): boolean {
  return setup?.faults !== undefined;
}
