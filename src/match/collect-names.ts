import type { Operation } from "../wire/operations/operation.ts";
import type { ContainerNames } from "./container-names.ts";

const ID = /"?Id"?:\s*"?([0-9a-f]{64})/;
const SLASHED_NAME = /"?Name"?:\s*"?\/([\w.-]+)/;

/** Operations whose response names a container or an exec. */
const NAMING: ReadonlySet<string> = new Set(["ContainerCreate", "ContainerExec", "ContainerInspect"]);

/** Whether `collectNames` learns anything from an exchange of this operation. Runs for each exchange that is played. */
export function hasNames({ name }: Operation): boolean {
  return NAMING.has(name) || name === "ContainerRename";
}

/**
 * Learns from one answered exchange which names belong to one container.
 * @param response the response's text in any spelling (the JSON itself, or the cassette's YAML of it): only the first id
 *   and the first name in it are read
 * @param keptId an id that stays in memory anyway: where it is the response's, it is not copied
 */
export function collectNames(
  names: ContainerNames,
  operation: Operation,
  status: number,
  response: string,
  keptId?: string,
): void {
  if (status >= 300) return;
  const { name, params } = operation;
  if (name === "ContainerRename") names.rename(params.id ?? "", findParameter(operation, "name") ?? "");
  if (!NAMING.has(name)) return;
  const id = findCreatedId(response, keptId);
  if (id === undefined) return;
  if (name === "ContainerExec") names.addExec(id, params.id ?? "");
  else if (name === "ContainerCreate") names.addContainer(id, findParameter(operation, "name"));
  else names.addContainer(id, copyText(SLASHED_NAME.exec(response)?.[1] ?? "") || undefined);
}

/** The id that the response to a create tells, of a container or an exec. */
export function findCreatedId(response: string, keptId?: string): string | undefined {
  const found = ID.exec(response)?.[1];
  return found === keptId ? keptId : found && copyText(found);
}

/** A part of a string keeps the whole string in memory (V8's sliced strings); a copy does not. */
function copyText(text: string): string {
  return Buffer.from(text).toString();
}

function findParameter({ query }: Operation, key: string): string | undefined {
  return query.find(([name]) => name === key)?.[1];
}
