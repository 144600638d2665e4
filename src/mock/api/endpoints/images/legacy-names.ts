/** How images were named before 1.14: the tag apart from the name, and the registry, where one liked, apart from both. */

import { systemError } from "../../../model/api-error.ts";
import { parseReference } from "../../../model/reference.ts";
import type { ApiRequest } from "../../http/request.ts";

/** @throws Refusal where the name has a tag */
export function readLegacyName(request: ApiRequest): string {
  const name = addRegistry(request, request.query.get("fromImage"));
  if (parseReference(name).tag === undefined) return name;
  throw systemError(`Invalid repository name (${name}): the tag is a parameter of its own before API 1.14`);
}

/** In the registry that the query names, unless the name has one itself. */
export function addRegistry({ query }: ApiRequest, name: string): string {
  const host = query
    .get("registry")
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "");
  const hasOwn = /^[^/]*[.:][^/]*\//.test(name) || name.startsWith("localhost/");
  return host === "" || hasOwn ? name : `${host}/${name}`;
}
