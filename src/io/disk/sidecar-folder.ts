/**
 * The folder beside a cassette in which its large bodies lie: `run.yaml` has `run/`. While one is written it is
 * called `.recording-<n>` and is nobody else's to read: it may hold what will yet be redacted.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { getErrno } from "../errno.ts";
import { withDiskErrors, syncFile, syncFolder } from "./disk.ts";
import type { SidecarReferences } from "./sidecar-references.ts";
import { digestFile, SidecarDraft } from "./sidecar-draft.ts";

const DRAFT = /^\.recording-\d+$/;
/** The names this tool gives; a file of any other name is a person's and stays. */
const OURS = /-(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{64})(?:\.[\w.]+)?$/;

export class SidecarFolder {
  readonly #cassette: string;
  readonly #path: string;
  readonly #mode: number;
  readonly #finished: string[] = [];
  #drafts = 0;

  /** `mode` is what finished sidecars get. */
  constructor(cassette: string, mode: number) {
    this.#cassette = cassette;
    this.#path = toFolderPath(cassette);
    this.#mode = mode;
  }

  createDraft(): SidecarDraft {
    withDiskErrors("create the folder", this.#path, () => mkdirSync(this.#path, { recursive: true }));
    this.#drafts += 1;
    const path = join(this.#path, `.recording-${this.#drafts}`);
    return new SidecarDraft(path, (sha256, stem, extension) => this.#place(path, sha256, stem, extension));
  }

  /** Has the disk hold all that was finished. */
  sync(): void {
    for (const path of this.#finished) withDiskErrors("write", path, () => syncFile(path));
    if (this.#finished.length > 0) syncFolder(this.#path);
  }

  /** Removes what was never finished, and of ours what nothing refers to; the folder, too, if nothing is left in it. */
  sweep(references: SidecarReferences): void {
    if (!existsSync(this.#path)) return;
    withDiskErrors("tidy", this.#path, () => {
      for (const name of readdirSync(this.#path)) {
        const isLitter = DRAFT.test(name) || (OURS.test(name) && !references.has(name) && !this.#isShared());
        if (isLitter) rmSync(join(this.#path, name), { force: true });
      }
      removeIfEmpty(this.#path);
    });
  }

  /** Returns the sidecar's path relative to the cassette's folder. */
  #place(draft: string, sha256: string, stem: string, extension: string): string {
    const name = this.#findFreeName(sha256, stem, extension);
    const path = join(this.#path, name);
    withDiskErrors("write", path, () => {
      renameSync(draft, path);
      chmodSync(path, this.#mode);
    });
    this.#finished.push(path);
    return `${basename(this.#path)}/${name}`;
  }

  /** Eight digits, and more where other content has them already: an older cassette may still need that. */
  #findFreeName(sha256: string, stem: string, extension: string): string {
    const names = [8, 16, 64].map((length) => `${stem}-${sha256.slice(0, length)}${extension}`);
    const isFree = (name: string): boolean => {
      const path = join(this.#path, name);
      return !existsSync(path) || withDiskErrors("read", path, () => statSync(path).isFile() && digestFile(path) === sha256);
    };
    return names.find(isFree) ?? (names[2] as string);
  }

  /** `run.yaml` and `run.yml` have the same folder; then nobody knows whose a sidecar is. */
  #isShared(): boolean {
    const [stem, extension] = [this.#path, extname(this.#cassette)];
    return extension !== "" && existsSync(`${stem}${extension === ".yaml" ? ".yml" : ".yaml"}`);
  }
}

function toFolderPath(cassette: string): string {
  const stem = cassette.replace(/\.ya?ml$/, "");
  return stem === cassette ? `${cassette}.sidecars` : stem;
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(getErrno(error) ?? "")) throw error;
  }
}
