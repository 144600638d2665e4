/** The archive of `docker save` since Engine 25: an OCI image layout that older daemons can load, too. */

import { createHash } from "node:crypto";
import { createDirectoryNode, createFileNode } from "../../../userland/files/node.ts";
import type { TarMember } from "../../../userland/files/read-tar.ts";
import { encodeGoJson } from "../../../wire/go-json.ts";
import { packLayer } from "../../images/layers.ts";
import type { Image } from "../../model/image.ts";
import { parseReference, toFullName } from "../../model/image-reference.ts";
import { listRepositories, type SavedImage, toLegacyIds, toLegacyJson } from "./saved-image.ts";

const OCI = "application/vnd.oci.image";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Yields each blob once, in no order. */
export function* packOciImages(images: readonly SavedImage[]): Generator<TarMember> {
  const blobs = new Map<string, TarMember>();
  const packed = images.map((saved) => packImage(saved, blobs));
  const createdMs = Math.max(0, ...images.map(({ image }) => Number(image.created / 1_000_000n)));
  for (const name of blobs.size === 0 ? [] : ["blobs/", "blobs/sha256/"]) {
    yield { name, node: createDirectoryNode(createdMs) };
  }
  yield* blobs.values();
  const manifests = packed.flatMap(({ descriptors }) => descriptors);
  const index = { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: toNull(manifests) };
  yield { name: "index.json", node: createFileNode(encodeGoJson(index), 0) };
  yield { name: "manifest.json", node: createFileNode(encodeGoJson(toNull(packed.map(({ entry }) => entry))), 0) };
  yield { name: "oci-layout", node: createFileNode('{"imageLayoutVersion": "1.0.0"}', 0) };
  const repositories = listRepositories(images, ({ image }) =>
    (image.layers.at(-1)?.diffId ?? "").replace("sha256:", ""),
  );
  if (Object.keys(repositories).length > 0) {
    yield { name: "repositories", node: createFileNode(encodeGoJson(repositories), 0) };
  }
}

function toNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

interface PackedImage {
  /** In `index.json`, one for each name. */
  readonly descriptors: readonly object[];
  /** In `manifest.json`. */
  readonly entry: object;
}

function packImage({ image, tags }: SavedImage, blobs: Map<string, TarMember>): PackedImage {
  const createdMs = Number(image.created / 1_000_000n);
  const put = (content: string | Buffer, mediaType: string, timeMs: number): Descriptor => {
    const bytes = Buffer.from(content as string);
    const digest = createHash("sha256").update(bytes).digest("hex");
    const name = toBlobPath(digest);
    blobs.set(name, { name, node: createFileNode(bytes, timeMs) });
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const config = put(image.bytes, `${OCI}.config.v1+json`, createdMs);
  const layers = image.layers.map((layer, at) =>
    put(packLayer(layer, image.layers[at - 1]), `${OCI}.layer.v1.tar`, createdMs),
  );
  for (const [at, id] of toLegacyIds(image).entries()) put(encodeGoJson(toLegacyJson(image, at, id)), "", createdMs);
  const content = { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config, layers };
  const manifest = put(encodeGoJson(content), `${OCI}.manifest.v1+json`, 0);
  return { descriptors: toDescriptors(manifest, tags), entry: toManifestEntry(image, tags, config, layers) };
}

function toBlobPath(digest: string): string {
  return `blobs/sha256/${digest.replace("sha256:", "")}`;
}

function toDescriptors(manifest: Descriptor, tags: readonly string[]): object[] {
  if (tags.length === 0) return [manifest];
  return tags.map((tag) => {
    const reference = parseReference(tag);
    const annotations = {
      "io.containerd.image.name": `${toFullName(reference)}:${reference.tag}`,
      "org.opencontainers.image.ref.name": reference.tag,
    };
    return { ...manifest, annotations };
  });
}

function toManifestEntry(
  image: Image,
  tags: readonly string[],
  config: Descriptor,
  layers: readonly Descriptor[],
): object {
  const sources = layers.map(({ mediaType, digest, size }) => [digest, { mediaType, size, digest }]);
  return {
    Config: toBlobPath(config.digest),
    RepoTags: toNull(tags),
    Layers: layers.map(({ digest }) => toBlobPath(digest)),
    ...(image.parentId === "" ? {} : { Parent: image.parentId }),
    LayerSources: Object.fromEntries(sources),
  };
}
