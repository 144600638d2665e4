/** moby daemon/images/images.go */

import { sumLayerSizes } from "../../../images/layers.ts";
import { systemError } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { compileGlob } from "../../../model/compile-glob.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Filters } from "../../../model/filters.ts";
import { parseTimestampNs, toUnixSeconds } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import { toRepositoryName } from "../../../model/image-store.ts";
import type { Engine } from "../../../operations/engine.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonListResponse } from "../../http/response.ts";
import { createDowngrade, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";
import { collectParentIds, compareNewestFirst, countContainers, measureSharedLayers } from "./image-usage.ts";

const NONE_TAG = "<none>:<none>";
const NONE_DIGEST = "<none>@<none>";
const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.51", downgrade: (shape) => ({ ...shape, Containers: -1 }) },
  { since: "1.44", downgrade: (shape) => ({ ...shape, VirtualSize: shape.Size }) },
  { since: "1.43", downgrade: nameNothing },
  { since: "1.12", downgrade: toDocumentedJson },
];
const FILTERS = ["dangling", "label", "before", "since", "reference"];
const ENTRY_PER_IMAGE_SINCE = "1.7";

export const imageList: Endpoint = {
  operation: "ImageList",
  respond: (request, engine) => {
    const { api } = request;
    const shapes = selectImages(request, engine).map(createDowngrade(request, DOWNGRADES));
    const entries = api.isBefore(ENTRY_PER_IMAGE_SINCE) ? shapes.flatMap(splitByTag) : shapes;
    return jsonListResponse(entries, engine.listMemory);
  },
};

/** Newest first. */
function selectImages({ query, release }: ApiRequest, engine: Engine): ApiJson[] {
  const filters = query.readFilters(isOlderEngine(release, "28") ? FILTERS : [...FILTERS, "until"]);
  const dangling = filters.getFlag("dangling");
  const patterns = readPatterns(filters, query.get("filter"));
  const [before, since] = [findBound(engine, filters, "before"), findBound(engine, filters, "since")];
  const until = findUntil(engine, filters);
  const parents = collectParentIds(engine);
  const summarize = (image: Image, tags?: readonly string[], digests?: readonly string[]): ApiJson => ({
    ...toImageSummary(engine, image, tags, digests),
    ...(query.getFlag("shared-size") ? { SharedSize: measureSharedLayers(engine, image) } : {}),
  });
  return [...engine.images]
    .filter(
      ({ config, created }) =>
        (before === undefined || created < before) &&
        (until === undefined || created < until) &&
        (since === undefined || created > since) &&
        filters.hasLabels(config.Labels),
    )
    .sort(compareNewestFirst)
    .flatMap((image) => {
      const isListed = (name: string): boolean =>
        patterns === undefined || patterns.some((pattern) => matchesName(pattern, name));
      const [tags, digests] = [image.tags.filter(isListed), image.digests.filter(isListed)];
      const isNameless = tags.length + digests.length === 0;
      if (!isNameless) return dangling === true && tags.length > 0 ? [] : [summarize(image, tags, digests)];
      const isHidden = !query.getFlag("all") && parents.has(image.id);
      if (isHidden || dangling === false || patterns !== undefined) return [];
      return [summarize(image)];
    });
}

function findBound(engine: Engine, filters: Filters, name: string): bigint | undefined {
  const [reference] = filters.getValues(name);
  return reference === undefined ? undefined : engine.images.find(reference).created;
}

function findUntil({ time }: Engine, filters: Filters): bigint | undefined {
  const [text] = filters.getValues("until");
  if (text === undefined) return undefined;
  const until = parseTimestampNs(text, time.now());
  if (until === undefined) throw systemError(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  return until;
}

function readPatterns(filters: Filters, old: string): readonly RegExp[] | undefined {
  const patterns = [...filters.getValues("reference"), ...(old === "" ? [] : [old])];
  return patterns.length === 0 ? undefined : patterns.map(parsePattern);
}

function parsePattern(pattern: string): RegExp {
  const expression = compileGlob(pattern);
  if (expression === undefined) throw systemError("syntax error in pattern");
  return expression;
}

function matchesName(pattern: RegExp, name: string): boolean {
  return pattern.test(name) || pattern.test(toRepositoryName(name));
}

/** The list's entry for an image, with the names that passed the filters. */
export function toImageSummary(
  engine: Engine,
  image: Image,
  tags: readonly string[] = image.tags,
  digests: readonly string[] = image.digests,
): ApiJson {
  return {
    Containers: countContainers(engine, image),
    Created: toUnixSeconds(image.created),
    Id: image.id,
    Labels: image.configuration.config?.Labels ?? null,
    ParentId: image.parentId,
    RepoDigests: digests,
    RepoTags: tags,
    SharedSize: -1,
    Size: sumLayerSizes(image.layers),
  };
}

/** Before 1.43 an image without names has the name `<none>`, and an image without digests has null. */
export function nameNothing(shape: ApiJson): ApiJson {
  const isNameless = shape.RepoTags.length + shape.RepoDigests.length === 0;
  const toNames = (names: readonly string[], none: string): readonly string[] | null =>
    isNameless ? [none] : names.length === 0 ? null : names;
  return {
    ...shape,
    RepoDigests: toNames(shape.RepoDigests, NONE_DIGEST),
    RepoTags: toNames(shape.RepoTags, NONE_TAG),
  };
}

/** The documents of 1.9 and earlier have ids without `sha256:`, and no labels. */
function toDocumentedJson(shape: ApiJson): ApiJson {
  const rest = omitMembers(shape, "Containers", "Labels", "RepoDigests", "SharedSize");
  return {
    ...rest,
    Id: toBareId(shape.Id),
    ParentId: toBareId(shape.ParentId),
    RepoTags: shape.RepoTags ?? [NONE_TAG],
  };
}

/** Before 1.7 the list had an entry for each tag of an image. */
function splitByTag({ RepoTags, Id, Created, Size, VirtualSize }: ApiJson): ApiJson[] {
  return RepoTags.map((name: string) => {
    const colon = name.lastIndexOf(":");
    const [Repository, Tag] = [name.slice(0, colon), name.slice(colon + 1)];
    return { VirtualSize, Size, Created, Id, Tag, Repository };
  });
}
