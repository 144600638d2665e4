import { createHash, randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EnvironmentError, UsageError } from "../../base/errors.ts";
import { createFolder } from "../../io/disk/create-folder.ts";
import { digestFile } from "../../io/disk/sidecar-draft.ts";
import type { RegistryClient } from "../../io/oci/registry-client.ts";
import { type ArtifactFile, decodeArtifactManifest, digestBytes } from "./artifact-manifest.ts";

export interface PullReport {
  readonly digest: string;
  readonly files: readonly ArtifactFile[];
  /** How many files were not there, or were other ones. */
  readonly written: number;
}

export interface PullOptions {
  /** The folder that the paths begin in. */
  readonly root: string;
  /** The digest that the reference names, if it names one. */
  readonly digest?: string;
  /** Replaces files that differ. @default false */
  readonly replaces?: boolean;
}

/**
 * Pulls cassettes with their sidecars. Each file is checked against its digest before it gets its name.
 * @throws UsageError `WHALESONG_CASSETTE_EXISTS` if files would be replaced by others; then nothing is written
 * @throws EnvironmentError `WHALESONG_REGISTRY` if what comes is not what the manifest says
 */
export async function pullCassettes(client: RegistryClient, options: PullOptions): Promise<PullReport> {
  const { root, replaces = false } = options;
  const manifest = await client.getManifest();
  const digest = digestBytes(manifest);
  if (options.digest !== undefined && options.digest !== digest) throw createDigestError("the manifest", digest);
  const files = decodeArtifactManifest(manifest);
  const missing = files.filter((file) => !isThere(join(root, file.path), file));
  const others = missing.map(({ path }) => path).filter((path) => existsSync(join(root, path)));
  if (others.length > 0 && !replaces) throw createOthersError(others);
  for (const file of missing) await pullFile(client, file, { root, replaces: others.includes(file.path) });
  return { digest, files, written: missing.length };
}

function isThere(path: string, { digest, size }: ArtifactFile): boolean {
  return existsSync(path) && statSync(path).size === size && `sha256:${digestFile(path)}` === digest;
}

/**
 * What is there although it was not before is another file of the artifact, with a name that this file system takes for
 * the same, or was made meanwhile.
 */
async function pullFile(
  client: RegistryClient,
  file: ArtifactFile,
  { root, replaces }: { readonly root: string; readonly replaces: boolean },
): Promise<void> {
  const path = join(root, file.path);
  const draft = join(dirname(path), `.${randomUUID()}`);
  createFolder(dirname(path));
  try {
    // A stream that fails early would open the draft only after it was removed.
    await writeFile(draft, checkBytes(await client.openBlob(file.digest), file), { flag: "wx" });
    if (!replaces && existsSync(path)) throw createTwinError(file.path);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Passes on no more bytes than the manifest says, and fails at their end if they are others. */
async function* checkBytes(
  source: AsyncIterable<Uint8Array>,
  { path, digest, size }: ArtifactFile,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let left = size;
  for await (const piece of source) {
    left -= piece.length;
    if (left < 0) throw createDigestError(path, `more than ${size} bytes`);
    hash.update(piece);
    yield piece;
  }
  const actual = `sha256:${hash.digest("hex")}`;
  if (actual !== digest) throw createDigestError(path, actual);
}

function createDigestError(what: string, found: string): EnvironmentError {
  const message = `the registry sends other bytes for \`${what}\` than it promises (${found}); nothing of them is kept, try again`;
  return new EnvironmentError("WHALESONG_REGISTRY", message, { fields: { what, found } });
}

function createTwinError(path: string): UsageError {
  const message = `cannot pull \`${path}\`: a file was put there during the pull; on macOS and Windows it may be another one of the artifact, whose name differs only in capital letters`;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { paths: [path] } });
}

function createOthersError(paths: readonly string[]): UsageError {
  const names = paths.map((path) => `\`${path}\``).join(", ");
  const message = `cannot pull: ${names} would be replaced by another recording; \`--force\` replaces it, in code \`replaces: true\``;
  return new UsageError("WHALESONG_CASSETTE_EXISTS", message, { fields: { paths } });
}
