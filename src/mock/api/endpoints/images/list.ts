/** moby daemon/images/images.go */

import { sizeOfLayers } from "../../../images/layers.ts";
import { systemError } from "../../../model/api-error.ts";
import type { Filters } from "../../../model/filters.ts";
import { globExpression } from "../../../model/glob.ts";
import { unixSeconds } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import { repositoryOf } from "../../../model/images.ts";
import { type Shape, type ShapeChange, shapeFor, without } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { json } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId } from "./shapes.ts";

const NONE_TAG = "<none>:<none>";
const NONE_DIGEST = "<none>@<none>";
const CHANGES: readonly ShapeChange[] = [{ since: "1.12", before: documented }];
const ENTRY_PER_IMAGE_SINCE = "1.7";

export const imageList: Endpoint = {
  operation: "ImageList",
  answer: (request, engine) => {
    const { api } = request;
    const shapes = wanted(request, engine).map((shape) => shapeFor(api, shape, CHANGES));
    return json(api.isBefore(ENTRY_PER_IMAGE_SINCE) ? shapes.flatMap(entryPerTag) : shapes);
  },
};

/** Newest first. */
function wanted({ query }: Request, engine: Engine): Shape[] {
  const filters = query.filters(["dangling", "label", "before", "since", "reference"]);
  const dangling = filters.flag("dangling");
  const patterns = patternsOf(filters, query.text("filter"));
  const [before, since] = [boundOf(engine, filters, "before"), boundOf(engine, filters, "since")];
  const parents = parentsIn(engine);
  return [...engine.images]
    .filter(
      ({ config, created }) =>
        (before === undefined || created < before) &&
        (since === undefined || created > since) &&
        filters.labels(config.Labels),
    )
    .sort(newestFirst)
    .flatMap((image) => {
      const fits = (name: string): boolean =>
        patterns === undefined || patterns.some((pattern) => matches(pattern, name));
      const [tags, digests] = [image.tags.filter(fits), image.digests.filter(fits)];
      const isNameless = tags.length + digests.length === 0;
      if (!isNameless) return dangling === true && tags.length > 0 ? [] : [listed(image, tags, digests)];
      const isHidden = !query.flag("all") && parents.has(image.id);
      if (isHidden || dangling === false || patterns !== undefined) return [];
      return [listed(image)];
    });
}

/** What is listed where a client asks for nothing special: what has a name, and what nothing was made from. */
export function topImages(engine: Engine): Image[] {
  const parents = parentsIn(engine);
  return [...engine.images]
    .filter(({ id, tags, digests }) => tags.length + digests.length > 0 || !parents.has(id))
    .sort(newestFirst);
}

function parentsIn({ images }: Engine): ReadonlySet<string> {
  return new Set([...images].map(({ parentId }) => parentId));
}

function newestFirst(one: Image, other: Image): number {
  return one.created < other.created ? 1 : one.created > other.created ? -1 : 0;
}

function boundOf(engine: Engine, filters: Filters, name: string): bigint | undefined {
  const [reference] = filters.values(name);
  return reference === undefined ? undefined : engine.images.find(reference).created;
}

function patternsOf(filters: Filters, old: string): readonly RegExp[] | undefined {
  const patterns = [...filters.values("reference"), ...(old === "" ? [] : [old])];
  return patterns.length === 0 ? undefined : patterns.map(expressionOf);
}

function expressionOf(pattern: string): RegExp {
  const expression = globExpression(pattern);
  if (expression === undefined) throw systemError("syntax error in pattern");
  return expression;
}

function matches(pattern: RegExp, name: string): boolean {
  return pattern.test(name) || pattern.test(repositoryOf(name));
}

/** An image as it is listed, under these of its names. */
export function listed(
  image: Image,
  tags: readonly string[] = image.tags,
  digests: readonly string[] = image.digests,
): Shape {
  const size = sizeOfLayers(image.layers);
  const isNameless = tags.length + digests.length === 0;
  const namesOr = (names: readonly string[], none: string): readonly string[] | null =>
    isNameless ? [none] : names.length === 0 ? null : names;
  return {
    Containers: -1,
    Created: unixSeconds(image.created),
    Id: image.id,
    Labels: image.configuration.config?.Labels ?? null,
    ParentId: image.parentId,
    RepoDigests: namesOr(digests, NONE_DIGEST),
    RepoTags: namesOr(tags, NONE_TAG),
    SharedSize: -1,
    Size: size,
    VirtualSize: size,
  };
}

/** As the documents of 1.9 and its kin show it: ids without their algorithm, no labels. */
function documented(shape: Shape): Shape {
  const rest = without(shape, "Containers", "Labels", "RepoDigests", "SharedSize");
  return { ...rest, Id: bareId(shape.Id), ParentId: bareId(shape.ParentId), RepoTags: shape.RepoTags ?? [NONE_TAG] };
}

/** Before 1.7 an image was told of once for each of its tags. */
function entryPerTag({ RepoTags, Id, Created, Size, VirtualSize }: Shape): Shape[] {
  return RepoTags.map((name: string) => {
    const colon = name.lastIndexOf(":");
    const [Repository, Tag] = [name.slice(0, colon), name.slice(colon + 1)];
    return { VirtualSize, Size, Created, Id, Tag, Repository };
  });
}
