import type { Call } from "../../../session/call.ts";

/** A call to the daemon, as tests see it. */
export interface RecordedCall {
  /** The position among all calls, from 1. */
  readonly number: number;
  /** moby's name of the operation, e.g. `ContainerStart`, or `Unknown` if there is no such page. */
  readonly operation: string;
  readonly method: string;
  /** The request target, e.g. `/v1.41/containers/web/start?t=5`. */
  readonly target: string;
  /** The API version, e.g. `1.41`, or undefined if the path has none. */
  readonly apiVersion: string | undefined;
  /** The path's parameter as the client sent it, a name or an id. Empty if the path has none. */
  readonly name: string;
  /** All names of the object that the call is about: the one in the path, its name, its id, its image. */
  readonly names: readonly string[];
  /** The first value of each parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** The body as JSON. Undefined if there is none, and until the response. */
  readonly body: unknown;
  /** The response's status. Undefined until the response, or if there never was one. */
  readonly status: number | undefined;
  /** The mock does not simulate the operation, and answered `501`. */
  readonly isUnsimulated: boolean;
  /** The option `only` does not allow the call. */
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
