/** Which calls a fault strikes. */
import type { CallPattern } from "../match/call-pattern.ts";
import type { Call } from "../session/call.ts";
import { jsonOf } from "../session/json-body.ts";

export interface FaultSelector {
  readonly on: CallPattern | undefined;
  readonly name: RegExp | undefined;
  /** Of those that fit, counted from 1; both included. */
  readonly nth: { readonly from: number; readonly to: number } | undefined;
  readonly probability: number;
}

/** What may be asked for before the names are known: most calls are not about what a fault is about. */
export function matchesOperation({ on }: FaultSelector, { head: { method }, operation }: Call): boolean {
  return on === undefined || on.fits(method, operation);
}

export function matchesName({ name }: FaultSelector, names: readonly string[]): boolean {
  return name === undefined || names.some((known) => name.test(known));
}

/** What the request itself names: in its path, as the name of what it makes, as the image that it makes it from. */
export async function namesInRequest(call: Call): Promise<readonly string[]> {
  const { name: operation, params, query } = call.operation;
  const named = [...Object.values(params), ...query.flatMap(([key, value]) => (NAMING.has(key) ? [value] : []))];
  if (operation !== "ContainerCreate") return named;
  const image = ((await jsonOf(call)) as { readonly Image?: unknown } | null | undefined)?.Image;
  return typeof image === "string" ? [...named, image] : named;
}

const NAMING: ReadonlySet<string> = new Set(["name", "fromImage", "repo", "t", "container"]);
