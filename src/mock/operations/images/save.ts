/** Packs images into the archive of `docker save` (moby image/tarexport/save.go). */

import { createDirectoryNode, createFileNode } from "../../../userland/files/node.ts";
import { type TarMember, tarOf } from "../../../userland/files/read-tar.ts";
import { encodeGoJson } from "../../../wire/go-json.ts";
import { packLayer } from "../../images/layers.ts";
import { ApiError, notFound } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import type { Image } from "../../model/image.ts";
import { dropHubPrefix, withDefaultTag } from "../../model/image-store.ts";
import type { Engine } from "../engine.ts";
import { packOciImages } from "./save-oci.ts";
import { listRepositories, type SavedImage, toLegacyIds, toLegacyJson } from "./saved-image.ts";

const VERSION = "1.0";

/** @throws ApiError 404 for an unknown image */
export function saveImages(engine: Engine, names: readonly string[]): AsyncGenerator<Buffer> {
  const selected = selectImages(engine, names);
  for (const { image } of selected) emitImageEvent(engine, image.id, "save");
  const pack = isOlderEngine(engine.release, "28") ? packImages : packOciImages;
  return tarOf([...pack(selected)].sort(compareNames));
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
  const repositories = listRepositories(images, ({ image }) => toLegacyIds(image).at(-1) ?? "");
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

function toManifestEntry({ image, tags }: SavedImage): object {
  return {
    Config: `${image.id.slice("sha256:".length)}.json`,
    RepoTags: tags.length === 0 ? null : tags,
    Layers: toLegacyIds(image).map((id) => `${id}/layer.tar`),
  };
}
