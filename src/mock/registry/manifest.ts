/** An image as a registry keeps it (distribution's image manifest, version 2, schema 2). */
import { createHash } from "node:crypto";
import { digestOf } from "../images/layers.ts";
import type { Image, Layer } from "../model/image.ts";

export const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

export interface Blob {
  readonly digest: string;
  readonly size: number;
}

export interface Manifest {
  readonly digest: string;
  readonly size: number;
  /** One a layer, lowest first. */
  readonly blobs: readonly Blob[];
}

/**
 * A layer compressed. Its digest and size are made up from the layer's, as zlib's bytes differ from version to
 * version and an image's digest must not.
 */
function blobOf({ diffId, size }: Layer): Blob {
  const hex = createHash("sha256").update(`gzip\0${diffId}`).digest("hex");
  return { digest: `sha256:${hex}`, size: Math.max(32, Math.round(size * 0.54)) };
}

export function manifestOf(image: Image): Manifest {
  const blobs = image.layers.map(blobOf);
  const text = manifestBytes(image, blobs);
  return { digest: digestOf(text), size: text.length, blobs };
}

export function manifestBytes({ bytes, id }: Image, blobs: readonly Blob[]): Buffer {
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
