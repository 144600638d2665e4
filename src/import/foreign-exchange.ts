/** Exchanges as other tools' files have them. */
import { findFieldValue, type HeaderField } from "../wire/http/head.ts";
import { parseOperation } from "../wire/operations/operation.ts";
import type { LocatedValue } from "./located-value.ts";

export interface ForeignExchange {
  /** Where it stands in the file. */
  readonly entry: LocatedValue;
  /** The server: `localhost:2375`, `unix`. */
  readonly host: string;
  readonly method: string;
  readonly target: string;
  readonly requestFields: readonly HeaderField[];
  /** `unknown`: a body that was not saved, or that may be any; it is then not compared. */
  readonly requestBody: Buffer | "unknown" | undefined;
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly HeaderField[];
  readonly body: Buffer;
  /** In ms of one clock; undefined where the file has no times. */
  readonly times?: { readonly requestedAt: number; readonly respondedAt: number; readonly endedAt: number };
}

/** An exchange that is not imported, and why. */
export interface SkippedExchange {
  /** `fixtures/run.json:12` */
  readonly place: string;
  readonly request: string;
  readonly reason: string;
}

/** The exchanges of another tool's file. */
export interface ForeignFile {
  readonly exchanges: readonly ForeignExchange[];
  readonly skipped: readonly SkippedExchange[];
}

/** What clients call a daemon on a unix socket, and the ports that are Docker's. */
const DAEMON = /^(localhost|unix|docker|d|127\.0\.0\.1|\[?::1\]?)?(:80)?$|:237[56]$/;

export function toSkippedExchange(exchange: ForeignExchange, reason: string): SkippedExchange {
  return { place: exchange.entry.place, request: describeRequest(exchange), reason: reason };
}

/** Whether it is of the Docker Engine API: a path of it, and a version, a header or a host that goes with it. */
export function isDockerExchange({ method, target, host, fields }: ForeignExchange): boolean {
  const { name, apiVersion } = parseOperation(method, target);
  const hasDockerFields =
    findFieldValue(fields, "Api-Version") !== undefined || /^Docker\//.test(findFieldValue(fields, "Server") ?? "");
  return hasDockerFields || (name !== "Unknown" && (apiVersion !== undefined || DAEMON.test(host)));
}

function describeRequest({ method, target, host }: ForeignExchange): string {
  return DAEMON.test(host) ? `${method} ${target}` : `${method} ${host}${target}`;
}
