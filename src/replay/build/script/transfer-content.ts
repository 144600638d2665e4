/** What a transfer of a cassette moved: trees from their tars, bytes from their files. */
import type { BuildTransferContent, TransferKind, UntarredEntry } from "../../../cassette/build-model.ts";
import type { ReadSidecar, SidecarRef } from "../../../cassette/sidecar-ref.ts";
import { compareTreePaths, readTreeTar, type TarredFile } from "../../../cassette/tree-tar.ts";
import { digestUnlessMasked } from "../../../match/normalize/masked-files.ts";
import { readTar } from "../../../wire/archive/tar.ts";
import { type FileStat, hasContent, toGoMode } from "../../../wire/buildkit/files/file-stat.ts";
import type { RecordedContent, RecordedFile, TransferContent } from "../build-script.ts";
import { TransferFailure } from "../files/transfer-failure.ts";
import { createRecordedContent } from "../recorded-content.ts";

export function createTransferContent(
  transfer: TransferKind,
  content: BuildTransferContent,
  read: ReadSidecar,
): TransferContent {
  if (content.kind === "bytes") {
    const bytes = toFileContent(content.file, read);
    return transfer === "export" ? { kind: "give-bytes", bytes } : { kind: "take-tar", tar: bytes };
  }
  let files: Promise<readonly RecordedFile[]> | undefined;
  const load = (): Promise<readonly RecordedFile[]> => {
    files ??= loadFiles(content, read);
    return files;
  };
  return { kind: transfer === "export" ? "give-files" : "take-files", loadFiles: load };
}

/** A whole sidecar. */
export function toFileContent(file: SidecarRef, read: ReadSidecar): RecordedContent {
  const { size, sha256 } = file;
  const content = createRecordedContent(size, () => read(file));
  return sha256 === undefined ? content : { ...content, digest: () => Promise.resolve(sha256) };
}

type TreeContent = BuildTransferContent & { readonly kind: "tree" };

/** In the order in which fsutil lists them. */
async function loadFiles({ tar, entries }: TreeContent, read: ReadSidecar): Promise<readonly RecordedFile[]> {
  const tarred = tar === undefined ? [] : await readTarredFiles(tar, read);
  const files = [...tarred, ...entries.map(toUntarredFile)];
  return files.sort((one, other) => compareTreePaths(one.stat.path, other.stat.path));
}

async function readTarredFiles(tar: SidecarRef, read: ReadSidecar): Promise<RecordedFile[]> {
  const files = await readTreeTar(read(tar));
  const digests = createDigests(tar, read);
  return files.map((file) => {
    if (!hasContent(file.stat)) return { stat: file.stat };
    return { stat: file.stat, content: toTarredContent(file, { tar, read, digests }) };
  });
}

interface TarSource {
  readonly tar: SidecarRef;
  readonly read: ReadSidecar;
  readonly digests: () => Promise<ReadonlyMap<string, string>>;
}

function toTarredContent({ stat: { path }, offset, size }: TarredFile, source: TarSource): RecordedContent {
  return {
    size,
    digest: async () => (await source.digests()).get(path) ?? "",
    read: () => source.read(source.tar, { range: { offset, size } }),
  };
}

/** All digests of a tar, in one pass, when the first is needed. */
function createDigests(tar: SidecarRef, read: ReadSidecar): TarSource["digests"] {
  let digests: Promise<ReadonlyMap<string, string>> | undefined;
  const compute = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await readTar(read(tar), digestUnlessMasked)).map(({ name, sha256 }) => [name, sha256]));
  return () => {
    digests ??= compute();
    return digests;
  };
}

function toUntarredFile({ path, type, mode, size, link = "", sha256 }: UntarredEntry): RecordedFile {
  const none = { uid: 0, gid: 0, modTime: 0n, devmajor: 0, devminor: 0, xattrs: {} };
  const stat: FileStat = { path, mode: toGoMode(type, mode), size, linkname: link, ...none };
  return sha256 === undefined ? { stat } : { stat, content: toDigestContent(path, size, sha256) };
}

/** Of this file the cassette keeps the digest only: enough to compare. */
function toDigestContent(path: string, size: number, sha256: string): RecordedContent {
  return {
    size,
    digest: () => Promise.resolve(sha256),
    // biome-ignore lint/correctness/useYield: there is nothing to give
    read: async function* () {
      throw new TransferFailure(`the recording has the digest of ${path} and not its content`);
    },
  };
}
