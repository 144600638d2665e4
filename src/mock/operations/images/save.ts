/** Packs images into the archive of `docker save` (moby image/tarexport/save.go). */

import { createHash } from "node:crypto";
import { createDirectoryNode, createFileNode } from "../../../userland/files/node.ts";
import { type TarMember, tarOf } from "../../../userland/files/read-tar.ts";
import { encodeGoJson } from "../../../wire/go-json.ts";
import { packLayer, toChainIds } from "../../images/layers.ts";
import { ApiError, notFound } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { formatRfc3339Nano } from "../../model/go-time.ts";
import type { Image } from "../../model/image.ts";
import { parseReference } from "../../model/image-reference.ts";
import { dropHubPrefix, withDefaultTag } from "../../model/image-store.ts";
import type { Engine } from "../engine.ts";

const VERSION = "1.0";

/** An image, and the names that the archive gives it. */
interface SavedImage {
  readonly image: Image;
  readonly tags: readonly string[];
}

/** @throws ApiError 404 for an unknown image */
export function saveImages(engine: Engine, names: readonly string[]): AsyncGenerator<Buffer> {
  const selected = selectImages(engine, names);
  for (const { image } of selected) emitImageEvent(engine, image.id, "save");
  return tarOf([...packImages(selected)].sort(compareNames));
}

/** dockerd packs the archive from a folder, so its members are sorted. */
function compareNames({ name: one }: TarMember, { name: other }: TarMember): number {
  return one < other ? -1 : 1;
}

/** Each image once, with all the names that the client uses for it. */
function selectImages(engine: Engine, names: readonly string[]): SavedImage[] {
  const selected = new Map<string, SavedImage>();
  for (const name of names) {
    const image = findImage(engine, name);
    const tags = [...(selected.get(image.id)?.tags ?? []), ...selectTags(image, name)];
    selected.set(image.id, { image, tags: [...new Set(tags)] });
  }
  return [...selected.values()];
}

function findImage(engine: Engine, name: string): Image {
  try {
    return engine.images.find(name);
  } catch (error) {
    throw error instanceof ApiError && error.status === 404 ? notFound(`No such image: ${name}`) : error;
  }
}

/** A tag selects itself, a repository all of its tags, an id none. */
function selectTags({ tags }: Image, name: string): readonly string[] {
  const short = dropHubPrefix(name);
  const hasTag = withDefaultTag(short) === short;
  if (hasTag) return tags.filter((tag) => tag === short);
  return tags.filter((tag) => tag.slice(0, tag.lastIndexOf(":")) === short);
}

function* packImages(images: readonly SavedImage[]): Generator<TarMember> {
  const folders = new Set<string>();
  for (const { image } of images) {
    const createdMs = Number(image.created / 1_000_000n);
    yield { name: `${image.id.slice("sha256:".length)}.json`, node: createFileNode(image.bytes, createdMs) };
    for (const [index, id] of toLegacyIds(image).entries()) {
      if (folders.has(id)) continue;
      folders.add(id);
      yield* packLayerFolder(image, index, id, createdMs);
    }
  }
  yield {
    name: "manifest.json",
    node: createFileNode(`${encodeGoJson(images.length === 0 ? null : images.map(toManifestEntry))}\n`, 0),
  };
  const repositories = listRepositories(images);
  if (Object.keys(repositories).length > 0)
    yield { name: "repositories", node: createFileNode(`${encodeGoJson(repositories)}\n`, 0) };
}

function* packLayerFolder(image: Image, index: number, id: string, createdMs: number): Generator<TarMember> {
  const layer = image.layers[index];
  if (layer === undefined) return;
  yield { name: `${id}/`, node: createDirectoryNode(createdMs) };
  yield { name: `${id}/VERSION`, node: createFileNode(VERSION, createdMs) };
  yield { name: `${id}/json`, node: createFileNode(encodeGoJson(toLegacyJson(image, index, id)), createdMs) };
  yield { name: `${id}/layer.tar`, node: createFileNode(packLayer(layer, image.layers[index - 1]), createdMs) };
}

/** One folder name for each layer: a digest of the layers so far, and for the top layer also of the image's id. */
function toLegacyIds({ layers, id }: Image): string[] {
  return toChainIds(layers).map((chain, index) => {
    const own = index === layers.length - 1 ? id : "";
    return createHash("sha256").update(`v1\0${chain}\0${own}`).digest("hex");
  });
}

/** The `json` file of a layer's folder, which Docker before 1.10 reads. */
function toLegacyJson(image: Image, index: number, id: string): object {
  const parent = index === 0 ? {} : { parent: toLegacyIds(image)[index - 1] };
  if (index < image.layers.length - 1) return { id, ...parent, created: "1970-01-01T00:00:00Z", os: "linux" };
  const { container, container_config, docker_version, author, config, architecture, os } = image.configuration;
  const own = { container, container_config, docker_version, author, config, architecture, os };
  return { id, ...parent, created: formatRfc3339Nano(image.created), ...own };
}

function toManifestEntry({ image, tags }: SavedImage): object {
  return {
    Config: `${image.id.slice("sha256:".length)}.json`,
    RepoTags: tags.length === 0 ? null : tags,
    Layers: toLegacyIds(image).map((id) => `${id}/layer.tar`),
  };
}

function listRepositories(images: readonly SavedImage[]): Record<string, Record<string, string>> {
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, tags } of images) {
    const top = toLegacyIds(image).at(-1) ?? "";
    for (const tag of tags) {
      const { tag: version = "" } = parseReference(tag);
      const name = tag.slice(0, tag.lastIndexOf(":"));
      repositories[name] = { ...repositories[name], [version]: top };
    }
  }
  return repositories;
}
