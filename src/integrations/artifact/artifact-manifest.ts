/** The manifest of cassettes in a registry: an OCI artifact, whose layers are the files, as ORAS has them. */
import { createHash } from "node:crypto";
import { EnvironmentError } from "../../base/errors.ts";
import { isPlainPath } from "../../io/archive/plain-path.ts";
import { MANIFEST_TYPE } from "../../io/oci/registry-client.ts";
import { quoteForMessage } from "../../wire/quote.ts";

export const ARTIFACT_TYPE = "application/vnd.whalesong.cassettes.v1";
const CASSETTE_TYPE = "application/vnd.whalesong.cassette.v1+yaml";
const SIDECAR_TYPE = "application/vnd.whalesong.sidecar.v1";
const EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
const TITLE = "org.opencontainers.image.title";
/** The configuration that an artifact without one has (OCI Image Specification 1.1). */
export const EMPTY_CONFIG: Buffer = Buffer.from("{}");

/** A file of an artifact. */
export interface ArtifactFile {
  /** Its path, with slashes. */
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

/** @returns the manifest's bytes: the same for the same files */
export function encodeArtifactManifest(files: readonly ArtifactFile[]): Buffer {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: ARTIFACT_TYPE,
    config: { mediaType: EMPTY_TYPE, digest: digestBytes(EMPTY_CONFIG), size: EMPTY_CONFIG.length },
    layers: files.map(({ path, digest, size }) => ({
      mediaType: path.endsWith(".yaml") ? CASSETTE_TYPE : SIDECAR_TYPE,
      digest,
      size,
      annotations: { [TITLE]: path },
    })),
  };
  return Buffer.from(JSON.stringify(manifest));
}

/**
 * The files that a manifest lists.
 * @throws EnvironmentError `WHALESONG_REGISTRY` if it is no artifact of cassettes, or a path leads out of the folder
 */
export function decodeArtifactManifest(bytes: Buffer): readonly ArtifactFile[] {
  const { artifactType, layers } = parseManifest(bytes);
  if (artifactType !== ARTIFACT_TYPE || !Array.isArray(layers))
    throw createManifestError(`it is of the type ${quoteForMessage(String(artifactType))}, not \`${ARTIFACT_TYPE}\``);
  const files = layers.map(readLayer);
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size < files.length) throw createManifestError("it has a path twice");
  return files;
}

function parseManifest(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw createManifestError("it is no JSON");
  }
}

function readLayer(layer: unknown): ArtifactFile {
  const { digest, size, annotations } = (layer ?? {}) as Readonly<Record<string, unknown>>;
  const path = (annotations as Readonly<Record<string, unknown>> | undefined)?.[TITLE];
  if (typeof digest !== "string" || !/^sha256:[\da-f]{64}$/.test(digest) || typeof size !== "number")
    throw createManifestError("a layer has no digest and size");
  if (typeof path !== "string" || !isPlainPath(path))
    throw createManifestError(`the path ${quoteForMessage(String(path))} is not one of plain names`);
  return { path, digest, size };
}

function createManifestError(why: string): EnvironmentError {
  const message = `cannot pull the manifest: ${why}; is it what \`whalesong push\` has pushed?`;
  return new EnvironmentError("WHALESONG_REGISTRY", message);
}

/** `sha256:...` */
export function digestBytes(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
