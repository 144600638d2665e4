/**
 * The folder beside a cassette for its large bodies: `run.yaml` has `run/`. While a sidecar is written it is called
 * `.recording-<n>` and only its owner can read it, because it may hold secrets that are redacted later.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, linkSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SidecarRef } from "../../cassette/model.ts";
import { getErrno } from "../errno.ts";
import { createFolder } from "./create-folder.ts";
import { syncFile, syncFolder, withDiskErrors } from "./disk.ts";
import { findRecorder } from "./lock.ts";
import { type DraftDigest, digestFile, SidecarDraft } from "./sidecar-draft.ts";
import { isSidecarName, nameOtherCassette, sharesSidecarFolder, toSidecarFolder } from "./sidecar-folder-name.ts";
import type { SidecarReferences } from "./sidecar-references.ts";

const DRAFT = /^\.recording-\d+$/;
const PARTS = /^(.+)-[0-9a-f]+(\.[\w.]+)?$/;

export class SidecarFolder {
  readonly #cassette: string;
  readonly #path: string;
  readonly #mode: number;
  readonly #finished = new Set<string>();
  /** What was not there before: no other cassette refers to it, even where it shares the folder. */
  readonly #own = new Set<string>();
  #drafts = 0;

  /** `mode` is the permission of finished sidecars. */
  constructor(cassette: string, mode: number) {
    this.#cassette = cassette;
    this.#path = toSidecarFolder(cassette);
    this.#mode = mode;
  }

  createDraft(): SidecarDraft {
    createFolder(this.#path);
    const path = join(this.#path, this.#nameDraft());
    return new SidecarDraft(path, (digest, stem, extension) => this.#place(path, digest, stem, extension));
  }

  /**
   * Gives a sidecar the name of its content that was finished before its digest was known. It keeps the other name, too,
   * until it is swept: a recording that is killed now refers to that. Where there are no hard links it has only that.
   */
  settle(sidecar: SidecarRef, sha256: string): SidecarRef {
    const [, stem, extension = ""] = PARTS.exec(basename(sidecar.path)) ?? [];
    const settled = { ...sidecar, sha256 };
    if (stem === undefined || dirname(sidecar.path) !== basename(this.#path)) return settled;
    const name = this.#findFreeName(sha256, stem, extension);
    const [old, path] = [basename(sidecar.path), name].map((each) => join(this.#path, each)) as [string, string];
    try {
      if (!existsSync(path)) {
        linkSync(old, path);
        this.#own.add(name);
      }
    } catch {
      return settled;
    }
    this.#finished.delete(old);
    this.#finished.add(path);
    return { ...settled, path: `${basename(this.#path)}/${name}` };
  }

  /** Flushes finished sidecars to the disk. */
  sync(): void {
    for (const path of this.#finished) withDiskErrors("write", path, () => syncFile(path));
    if (this.#finished.size > 0) syncFolder(this.#path);
  }

  /** Removes unfinished drafts and sidecars that nothing refers to, and the folder if it is empty. */
  sweep(references: SidecarReferences): void {
    if (!existsSync(this.#path)) return;
    withDiskErrors("tidy", this.#path, () => {
      for (const path of this.listOrphans(references)) rmSync(path, { force: true });
      removeIfEmpty(this.#path);
    });
  }

  /** Drafts that were not finished, and sidecars that nothing refers to. */
  listOrphans(references: SidecarReferences): readonly string[] {
    if (!existsSync(this.#path)) return [];
    const [isShared, areDraftsShared] = [sharesSidecarFolder(this.#cassette), sharesDrafts(this.#cassette)];
    const isOrphan = (name: string): boolean => {
      if (DRAFT.test(name)) return !areDraftsShared || this.#own.has(name);
      return isSidecarName(name) && !references.has(name) && (!isShared || this.#own.has(name));
    };
    return readdirSync(this.#path)
      .filter(isOrphan)
      .map((name) => join(this.#path, name));
  }

  /** The recording of a cassette that shares the folder may have drafts there. */
  #nameDraft(): string {
    do this.#drafts += 1;
    while (existsSync(join(this.#path, `.recording-${this.#drafts}`)));
    this.#own.add(`.recording-${this.#drafts}`);
    return `.recording-${this.#drafts}`;
  }

  /** Returns the sidecar's path relative to the cassette's folder. */
  #place(draft: string, { sha256, isOfAll }: DraftDigest, stem: string, extension: string): string {
    const name = isOfAll ? this.#findFreeName(sha256, stem, extension) : this.#findUnusedName(sha256, stem, extension);
    const path = join(this.#path, name);
    if (!isOfAll || !existsSync(path)) this.#own.add(name);
    withDiskErrors("write", path, () => {
      renameSync(draft, path);
      chmodSync(path, this.#mode);
    });
    this.#finished.add(path);
    return `${basename(this.#path)}/${name}`;
  }

  /** Eight digits of the digest; more if a file with other content has that name, which the old cassette may need. */
  #findFreeName(sha256: string, stem: string, extension: string): string {
    const names = [8, 16, 64].map((length) => `${stem}-${sha256.slice(0, length)}${extension}`);
    const isFree = (name: string): boolean => {
      const path = join(this.#path, name);
      return (
        !existsSync(path) || withDiskErrors("read", path, () => statSync(path).isFile() && digestFile(path) === sha256)
      );
    };
    return names.find(isFree) ?? (names[2] as string);
  }

  /** A name for content of which only the beginning has a digest: others may begin alike. */
  #findUnusedName(start: string, stem: string, extension: string): string {
    for (let digits = start; ; digits = createHash("sha256").update(digits).digest("hex")) {
      const name = `${stem}-${digits.slice(0, 16)}${extension}`;
      if (!existsSync(join(this.#path, name))) return name;
    }
  }
}

/** Whether the cassette is being recorded that shares the folder; then a draft may belong to either. */
function sharesDrafts(cassette: string): boolean {
  const other = nameOtherCassette(cassette);
  return other !== undefined && findRecorder(other) !== undefined;
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(getErrno(error) ?? "")) throw error;
  }
}
