/** Cassettes in a registry, for teams whose recordings outgrow git. */
import { createReadStream, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { walkSidecars } from "../../cassette/sidecars.ts";
import { isPlainPath } from "../../io/archive/plain-path.ts";
import { walkCassette } from "../../io/disk/read-cassette.ts";
import { digestFile } from "../../io/disk/sidecar-draft.ts";
import { openSidecar } from "../../io/disk/sidecar-file.ts";
import type { RegistryClient } from "../../io/oci/registry-client.ts";
import { type ArtifactFile, digestBytes, EMPTY_CONFIG, encodeArtifactManifest } from "./artifact-manifest.ts";

export interface PushReport {
  /** The manifest's digest: what is pulled by it is always the same. */
  readonly digest: string;
  readonly files: readonly ArtifactFile[];
  /** How many files the registry did not have yet. */
  readonly uploaded: number;
}

/**
 * Pushes cassettes with their sidecars. Their paths are kept, from `root` on.
 * @param paths cassettes below `root`
 * @throws UsageError `WHALESONG_BAD_REFERENCE` if a cassette is not below `root`
 * @throws CassetteError if a cassette cannot be parsed, or a sidecar is not intact
 */
export async function pushCassettes(
  client: RegistryClient,
  paths: readonly string[],
  root: string,
): Promise<PushReport> {
  const files = sortFiles((await Promise.all(paths.map((path) => listFiles(path, root)))).flat());
  let uploaded = 0;
  for (const { path, digest, size } of files) {
    const file = join(root, path);
    const pieces = (highWaterMark: number): AsyncIterable<Buffer> => createReadStream(file, { highWaterMark });
    if (await client.uploadBlob({ digest, size, pieces })) uploaded += 1;
  }
  await client.uploadBlob({ digest: digestBytes(EMPTY_CONFIG), size: EMPTY_CONFIG.length, pieces: emptyConfig });
  const manifest = encodeArtifactManifest(files);
  await client.putManifest(manifest);
  return { digest: digestBytes(manifest), files, uploaded };
}

/** Each file once, however often its cassette was named, and by path: the digest must not depend on the words. */
function sortFiles(files: readonly ArtifactFile[]): readonly ArtifactFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.keys()].sort().map((path) => byPath.get(path) as ArtifactFile);
}

async function* emptyConfig(): AsyncGenerator<Buffer> {
  yield EMPTY_CONFIG;
}

async function listFiles(cassette: string, root: string): Promise<readonly ArtifactFile[]> {
  const refs = await walkCassette(cassette, async ({ entries }) => [...walkSidecars(entries)]);
  for (const ref of refs) await openSidecar(cassette, ref).verify();
  const sidecars = [...new Set(refs.map(({ path }) => join(dirname(cassette), path)))].sort();
  return [cassette, ...sidecars].map((path) => toArtifactFile(path, root));
}

function toArtifactFile(path: string, root: string): ArtifactFile {
  const name = relative(root, path).split(sep).join("/");
  if (!isPlainPath(name)) {
    const message = `\`${path}\` is not below the working folder, so it would have no path in the registry; start whalesong in a folder above it`;
    throw new UsageError("WHALESONG_BAD_REFERENCE", message, { fields: { path } });
  }
  return { path: name, digest: `sha256:${digestFile(path)}`, size: statSync(path).size };
}
