/** Which calls a fault applies to. */
import type { CallPattern } from "../match/rules/call-pattern.ts";
import type { Call } from "../session/call.ts";
import { readJsonBody } from "../session/read-json-body.ts";

export interface FaultSelector {
  readonly on: CallPattern | undefined;
  readonly name: RegExp | undefined;
  /** Which of the matching calls, counted from 1; both included. */
  readonly nth: { readonly from: number; readonly to: number } | undefined;
  readonly probability: number;
}

/** Needs no names, and comes first: most calls are ruled out by their operation. */
export function matchesOperation({ on }: FaultSelector, { head: { method }, operation }: Call): boolean {
  return on === undefined || on.fits(method, operation);
}

export function matchesName({ name }: FaultSelector, names: readonly string[]): boolean {
  return name === undefined || names.some((known) => name.test(known));
}

/** The names in the request itself: in its path, in its query, and the image of a container that it creates. */
export async function namesInRequest(call: Call): Promise<readonly string[]> {
  const { name: operation, params, query } = call.operation;
  const names = [
    ...Object.values(params),
    ...query.flatMap(([key, value]) => (NAMING_PARAMETERS.has(key) ? [value] : [])),
  ];
  if (operation !== "ContainerCreate") return names;
  const image = ((await readJsonBody(call)) as { readonly Image?: unknown } | null | undefined)?.Image;
  return typeof image === "string" ? [...names, image] : names;
}

const NAMING_PARAMETERS: ReadonlySet<string> = new Set(["name", "fromImage", "repo", "t", "container"]);
