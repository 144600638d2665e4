/** Image names before API 1.14: the tag is a parameter of its own, and so may be the registry. */

import { systemError } from "../../../model/api-error.ts";
import { parseReference } from "../../../model/image-reference.ts";
import type { ApiRequest } from "../../http/request.ts";

/** @throws ApiError if the name has a tag */
export function readLegacyName(request: ApiRequest): string {
  const name = addRegistry(request, request.query.get("fromImage"));
  if (parseReference(name).tag === undefined) return name;
  throw systemError(`Invalid repository name (${name}): the tag is a parameter of its own before API 1.14`);
}

/** Puts the `registry` parameter before a name that has no registry. */
export function addRegistry({ query }: ApiRequest, name: string): string {
  const host = query
    .get("registry")
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "");
  const hasOwn = /^[^/]*[.:][^/]*\//.test(name) || name.startsWith("localhost/");
  return host === "" || hasOwn ? name : `${host}/${name}`;
}
