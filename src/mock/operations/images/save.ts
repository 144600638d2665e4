/** Images as the archive that `docker save` writes (moby image/tarexport/save.go). */

import { createHash } from "node:crypto";
import { directoryNode, fileNode } from "../../../userland/files/node.ts";
import { type TarThing, tarOf } from "../../../userland/files/tar.ts";
import { goJson } from "../../../wire/go-json.ts";
import { archiveOf, chainIds } from "../../images/layers.ts";
import { ApiError, notFound } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { rfc3339Nano } from "../../model/go-time.ts";
import type { Image } from "../../model/image.ts";
import { familiar, withTag } from "../../model/images.ts";
import { parseReference } from "../../model/reference.ts";
import type { Engine } from "../engine.ts";

const VERSION = "1.0";

/** An image, and under which of its names it is saved. */
interface Saved {
  readonly image: Image;
  readonly tags: readonly string[];
}

/** @throws Refusal 404 where one of them is not there */
export function savedImages(engine: Engine, names: readonly string[]): AsyncGenerator<Buffer> {
  const chosen = chosenImages(engine, names);
  for (const { image } of chosen) emitImageEvent(engine, image.id, "save");
  return tarOf([...thingsOf(chosen)].sort(byName));
}

/** The archive is packed from a folder. */
function byName({ name: one }: TarThing, { name: other }: TarThing): number {
  return one < other ? -1 : 1;
}

/** Each image once, with all the names that it was asked for by. */
function chosenImages(engine: Engine, names: readonly string[]): Saved[] {
  const chosen = new Map<string, Saved>();
  for (const name of names) {
    const image = found(engine, name);
    const tags = [...(chosen.get(image.id)?.tags ?? []), ...tagsMeant(image, name)];
    chosen.set(image.id, { image, tags: [...new Set(tags)] });
  }
  return [...chosen.values()];
}

function found(engine: Engine, name: string): Image {
  try {
    return engine.images.find(name);
  } catch (error) {
    throw error instanceof ApiError && error.status === 404 ? notFound(`No such image: ${name}`) : error;
  }
}

/** A tag is saved with its name; a repository with all of its tags; an id with none. */
function tagsMeant({ tags }: Image, name: string): readonly string[] {
  const short = familiar(name);
  const hasTag = withTag(short) === short;
  if (hasTag) return tags.filter((tag) => tag === short);
  return tags.filter((tag) => tag.slice(0, tag.lastIndexOf(":")) === short);
}

function* thingsOf(chosen: readonly Saved[]): Generator<TarThing> {
  const folders = new Set<string>();
  for (const { image } of chosen) {
    const createdMs = Number(image.created / 1_000_000n);
    yield { name: `${image.id.slice("sha256:".length)}.json`, node: fileNode(image.bytes, createdMs) };
    for (const [index, id] of legacyIds(image).entries()) {
      if (folders.has(id)) continue;
      folders.add(id);
      yield* layerThings(image, index, id, createdMs);
    }
  }
  yield {
    name: "manifest.json",
    node: fileNode(`${goJson(chosen.length === 0 ? null : chosen.map(manifestEntry))}\n`, 0),
  };
  const repositories = repositoriesOf(chosen);
  if (Object.keys(repositories).length > 0)
    yield { name: "repositories", node: fileNode(`${goJson(repositories)}\n`, 0) };
}

function* layerThings(image: Image, index: number, id: string, createdMs: number): Generator<TarThing> {
  const layer = image.layers[index];
  if (layer === undefined) return;
  yield { name: `${id}/`, node: directoryNode(createdMs) };
  yield { name: `${id}/VERSION`, node: fileNode(VERSION, createdMs) };
  yield { name: `${id}/json`, node: fileNode(goJson(legacyJson(image, index, id)), createdMs) };
  yield { name: `${id}/layer.tar`, node: fileNode(archiveOf(layer, image.layers[index - 1]), createdMs) };
}

/** Names of folders, one a layer: of the stack up to there, and for the topmost of the image's own settings, too. */
function legacyIds({ layers, id }: Image): string[] {
  return chainIds(layers).map((chain, index) => {
    const own = index === layers.length - 1 ? id : "";
    return createHash("sha256").update(`v1\0${chain}\0${own}`).digest("hex");
  });
}

/** What each folder says of itself, for a daemon of before 1.10. */
function legacyJson(image: Image, index: number, id: string): object {
  const parent = index === 0 ? {} : { parent: legacyIds(image)[index - 1] };
  if (index < image.layers.length - 1) return { id, ...parent, created: "1970-01-01T00:00:00Z", os: "linux" };
  const { container, container_config, docker_version, author, config, architecture, os } = image.configuration;
  const own = { container, container_config, docker_version, author, config, architecture, os };
  return { id, ...parent, created: rfc3339Nano(image.created), ...own };
}

function manifestEntry({ image, tags }: Saved): object {
  return {
    Config: `${image.id.slice("sha256:".length)}.json`,
    RepoTags: tags.length === 0 ? null : tags,
    Layers: legacyIds(image).map((id) => `${id}/layer.tar`),
  };
}

function repositoriesOf(chosen: readonly Saved[]): Record<string, Record<string, string>> {
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, tags } of chosen) {
    const top = legacyIds(image).at(-1) ?? "";
    for (const tag of tags) {
      const { tag: version = "" } = parseReference(tag);
      const name = tag.slice(0, tag.lastIndexOf(":"));
      repositories[name] = { ...repositories[name], [version]: top };
    }
  }
  return repositories;
}
