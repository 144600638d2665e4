/** What a daemon was asked, as a test looks at it. */
import type { Call } from "../../../session/call.ts";

export interface RecordedCall {
  /** Counted from 1. */
  readonly number: number;
  /** moby's name of it, e.g. `ContainerStart`; `Unknown` where there is no such page. */
  readonly operation: string;
  readonly method: string;
  /** As it was sent: `/v1.41/containers/web/start?t=5`. */
  readonly target: string;
  /** `1.41`, or undefined where the path has no version. */
  readonly apiVersion: string | undefined;
  /** The path's parameter, as it was sent: a name or an id; empty where it has none. */
  readonly name: string;
  /** All that is known of what the call is about: what it was called by, its name, its id, its image. */
  readonly names: readonly string[];
  /** The first value of each. */
  readonly query: Readonly<Record<string, string>>;
  /** The body's JSON; undefined where there is none, and until the call has been answered. */
  readonly body: unknown;
  /** Undefined until it has been answered, and where it never was. */
  readonly status: number | undefined;
  /** Nobody simulates it was answered `501`. */
  readonly isUnsimulated: boolean;
  /** It was not among the calls that were said to come (`only`). */
  readonly isUnexpected: boolean;
}

export function createRecordedCall(
  call: Call,
  number: number,
  facts: Pick<RecordedCall, "names" | "isUnsimulated" | "isUnexpected">,
): RecordedCall {
  const { head, operation } = call;
  return {
    number,
    operation: operation.name,
    method: head.method,
    target: head.target,
    apiVersion: operation.apiVersion,
    name: Object.values(operation.params)[0] ?? "",
    query: Object.fromEntries(operation.query.toReversed()),
    body: undefined,
    status: undefined,
    ...facts,
  };
}
