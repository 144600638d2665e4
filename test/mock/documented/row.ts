/** The rows of the table: an endpoint, and how each status that its documents list comes about. */
import type { EngineOptions } from "../../../src/mock/daemon/create-engine.ts";
import type { Heard, Mocked, Scene } from "../../playbook/mocked.ts";
import type { Version } from "./endpoints.ts";
import type { Shape } from "./shape.ts";

export interface Row {
  /** `GET /containers/{id}/json` */
  readonly endpoint: string;
  /** The heading in the documents. */
  readonly section: string;
  readonly cases: readonly Case[];
}

/** One request, and what must hold of its answer. */
export interface Case extends Asked, Answered {
  /** As the documents list it. */
  readonly status: number;
  /** How it comes to be. */
  readonly because: string;
  /** Whose documents it is about; without it, all that list the status. */
  readonly at?: readonly Version[];
}

export interface Asked {
  /** What stands in the path for `{id}` or `{name}`; `{exec}` is what an earlier request kept. */
  readonly of?: string;
  readonly query?: string;
  /** JSON, or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: readonly string[];
  /** Said behind the request, to whom the connection was given over. */
  readonly sends?: string;
  /** How long an answer without an end is listened to, in milliseconds. */
  readonly hears?: number;
  /** What there is besides what every case finds, and what goes wrong. */
  readonly given?: Scene;
  readonly engine?: Partial<EngineOptions>;
  /** Asked before, and answered without an error. */
  readonly first?: readonly Before[];
}

/** `POST /containers/web/pause`, with a body; `keeps`: its answer's `Id` under this name. */
export type Before = string | { readonly asks: string; readonly body?: unknown; readonly keeps?: string };

export interface Answered {
  /** In which the real daemon that speaks this version (dockerd 20.10) is not as its document says: it is right. */
  readonly otherwise?: string;
  /** What is answered instead of the status, there. */
  readonly instead?: number;
  /** The content type, where an error is not text, or another answer not JSON. */
  readonly type?: string | undefined;
  /** A part of the answer's text. */
  readonly says?: string | RegExp;
  readonly shape?: Shape;
  /** Where the answer is not of that shape, there. */
  readonly misfits?: readonly string[];
  /** What else can be seen, in the answer or of the daemon. */
  readonly holds?: (answer: Heard, docker: Mocked) => void | Promise<void>;
}

export function row(endpoint: string, section: string, ...cases: readonly Case[]): Row {
  return { endpoint, section, cases };
}

export const OLD: readonly Version[] = ["1.9"];
export const SINCE_1_18: readonly Version[] = ["1.18", "1.19", "1.21"];
export const SINCE_1_19: readonly Version[] = ["1.19", "1.21"];
export const UP_TO_1_19: readonly Version[] = ["1.18", "1.19"];

export function answers(status: number, because: string, more: Omit<Case, "status" | "because"> = {}): Case {
  return { status, because, ...more };
}

/** A status without a cause that is left in a daemon of today: a fault (docs/faults.md) brings it about. */
export function struck(status: number, of?: string, more: Partial<Case> = {}): Case {
  const message = "input/output error";
  const because = "nothing else than a fault brings it about";
  const wanted = { status, because, says: message, ...(of === undefined ? {} : { of }), ...more };
  return { ...wanted, given: { faults: [{ answer: { status, message } }] } };
}

/** No such thing, whichever version asks. */
export function noSuch(what: string, says: string | RegExp, more: Partial<Case> = {}): Case {
  return { status: 404, because: `there is no such ${what}`, of: "nosuch", says, ...more };
}

/** Whether nothing else brings it about. */
export function isByFault({ given }: Case): boolean {
  return given?.faults !== undefined;
}
