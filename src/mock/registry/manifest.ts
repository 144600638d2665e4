/** The manifest of an image in a registry (distribution's image manifest, version 2, schema 2). */
import { createHash } from "node:crypto";
import { toDigest } from "../images/layers.ts";
import type { Image, Layer } from "../model/image.ts";

export const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

export interface ManifestBlob {
  readonly digest: string;
  readonly size: number;
}

export interface ImageManifest {
  readonly digest: string;
  readonly size: number;
  /** One for each layer, lowest first. */
  readonly blobs: readonly ManifestBlob[];
}

/**
 * A compressed layer. Its digest and size derive from the layer's: zlib's bytes differ between versions, and an image's
 * digest must not.
 */
function toBlob({ diffId, size }: Layer): ManifestBlob {
  const hex = createHash("sha256").update(`gzip\0${diffId}`).digest("hex");
  return { digest: `sha256:${hex}`, size: Math.max(32, Math.round(size * 0.54)) };
}

export function createManifest(image: Image): ImageManifest {
  const blobs = image.layers.map(toBlob);
  const text = encodeManifest(image, blobs);
  return { digest: toDigest(text), size: text.length, blobs };
}

export function encodeManifest({ bytes, id }: Image, blobs: readonly ManifestBlob[]): Buffer {
  const value = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: bytes.length, digest: id },
    layers: blobs.map(({ digest, size }) => ({
      mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
      size,
      digest,
    })),
  };
  return Buffer.from(JSON.stringify(value, undefined, 3));
}
