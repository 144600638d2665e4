import type { Operation } from "../wire/operation.ts";
import type { Names } from "./names.ts";

const ID = /"?Id"?:\s*"?([0-9a-f]{64})/;
const SLASHED_NAME = /"?Name"?:\s*"?\/([\w.-]+)/;

/**
 * Learns which names belong together from one answered exchange. `answer` is the response's text in any spelling
 * (the JSON itself, or the cassette's YAML of it): only the first id and name in it are looked at.
 */
export function learnFrom(names: Names, operation: Operation, status: number, answer: string): void {
  if (status >= 300) return;
  const { name, params } = operation;
  if (name === "ContainerRename") names.rename(params.id ?? "", queryValue(operation, "name") ?? "");
  if (name !== "ContainerCreate" && name !== "ContainerExec" && name !== "ContainerInspect") return;
  const id = ID.exec(answer)?.[1];
  if (id === undefined) return;
  if (name === "ContainerExec") names.learnExec(id, params.id ?? "");
  else if (name === "ContainerCreate") names.learnContainer(id, queryValue(operation, "name"));
  else names.learnContainer(id, SLASHED_NAME.exec(answer)?.[1]);
}

function queryValue({ query }: Operation, key: string): string | undefined {
  return query.find(([name]) => name === key)?.[1];
}
