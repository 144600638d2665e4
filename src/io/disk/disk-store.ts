/**
 * A recording on disk. Each document is appended to a file when its exchange ends, so that finished exchanges survive
 * a crash of the recorder. That file is the cassette itself if it is new, otherwise `<cassette>.recording` beside it.
 * At the end a new file is written, header first, and renamed over the cassette: at any moment either the old or the
 * new cassette is there, never half of one. It is read before it replaces the old one. A recording that is set aside
 * becomes `<cassette>.failed`, with its sidecars among the cassette's. If the cassette is a symbolic link, all this
 * happens at the file that the link means.
 */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import {
  type CassetteCheck,
  type InspectCassette,
  type LostDocuments,
  type RecordingStore,
  type SidecarWriter,
  toAsidePath,
  toRefusedPath,
} from "../../record/store.ts";
import { readBytes, syncFolder, withDiskErrors } from "./disk.ts";
import { followLinks } from "./follow-links.ts";
import { inspectDraft } from "./inspect-draft.ts";
import { takeLock } from "./lock.ts";
import { makeFolder, removeMadeFolders } from "./made-folders.ts";
import { readDocuments } from "./old-documents.ts";
import { readReferences } from "./read-references.ts";
import { openSidecar } from "./sidecar-file.ts";
import { SidecarFolder } from "./sidecar-folder.ts";
import { SidecarReferences } from "./sidecar-references.ts";
import { type FileRange, TextFile } from "./text-file.ts";

export interface DiskStoreOptions {
  /** `record` starts over; `append` keeps the old documents before those of this session. @default "record" */
  readonly mode?: "record" | "append";
}

/** A store that can put what it is given beside the cassette. */
export interface DiskStore extends RecordingStore {
  /** From now on `finish` leaves the cassette as it is. @returns the file that it writes instead */
  setAside(): string;
}

/**
 * The store of one recording session.
 * @throws EnvironmentError `WHALESONG_CASSETTE_LOCKED`, `WHALESONG_DISK`
 * @example
 * const recorded = { at: "2026-11-28", by: "an example" };
 * const recording = new Recording({ store: createDiskStore("new.yaml"), clock: systemClock, recorded, warn: console.error });
 * await recording.finish();
 */
export function createDiskStore(path: string, { mode = "record" }: DiskStoreOptions = {}): DiskStore {
  return new CassetteStore(followLinks(path), mode === "append");
}

class CassetteStore implements DiskStore {
  readonly #path: string;
  /** Where the recording goes in the end. */
  #target: string;
  /** Undefined for a new cassette: the recording is written in its place. */
  readonly #aside: string | undefined;
  readonly #keepsOld: boolean;
  readonly #unlock: () => void;
  readonly #sidecars: SidecarFolder;
  /** Where each document begins in the text; it ends where the next one begins. */
  readonly #starts: number[] = [];
  #old: FileRange | undefined;
  #text: TextFile | undefined;
  #isFinished = false;

  constructor(path: string, keepsOld: boolean) {
    [this.#path, this.#target] = [path, path];
    makeFolder(dirname(path));
    const isNew = !existsSync(path);
    if (!isNew && !statSync(path).isFile()) throw createNotAFileError(path);
    this.#unlock = takeLock(path);
    this.#aside = isNew ? undefined : `${path}.recording`;
    this.#keepsOld = keepsOld && !isNew;
    // The mode of the lock is what the umask of this process leaves of 0666.
    this.#sidecars = new SidecarFolder(path, statSync(`${path}.lock`).mode & 0o644);
  }

  begin(headerText: string): void {
    this.#refuseFinished();
    if (this.#starts.length > 0) throw new Error("the header cannot be begun again: documents follow it");
    if (this.#text !== undefined) this.#restart(this.#text, headerText);
    else this.#text = this.#create(headerText);
  }

  append(pieces: Iterable<string | Buffer>): number {
    const number = this.hold(pieces);
    const lost = this.flush();
    if (lost !== undefined) throw lost.problem;
    return number;
  }

  hold(pieces: Iterable<string | Buffer>): number {
    this.#refuseFinished();
    return this.#starts.push(this.#requireText().appendDocument(pieces).at) - 1;
  }

  flush(): LostDocuments | undefined {
    const lost = this.#isFinished ? undefined : this.#text?.flush();
    if (lost !== undefined) this.#starts.length -= lost.count;
    return lost;
  }

  sidecar(): SidecarWriter {
    this.#refuseFinished();
    return this.#sidecars.createDraft();
  }

  settle(sidecar: SidecarRef, sha256: string): SidecarRef {
    return this.#sidecars.settle(sidecar, sha256);
  }

  read(sidecar: SidecarRef, into?: Buffer): AsyncIterable<Buffer> {
    return openSidecar(this.#path, sidecar).pieces({ into });
  }

  readDocument(number: number): string {
    this.flush();
    return Buffer.concat([...this.#requireText().pieces(this.#findDocument(number))]).toString();
  }

  finish(headerText: string, documents: Iterable<number | string>, check?: CassetteCheck): void {
    if (this.#text === undefined) this.begin(headerText);
    this.#refuseFinished();
    this.flush();
    this.#sidecars.sync();
    const ordered = this.#orderDocuments(documents, check?.maskText);
    const references = this.#replace(headerText, ordered, check?.inspect);
    this.#close();
    try {
      if (this.#aside !== undefined) rmSync(this.#aside, { force: true });
      if (this.#target === this.#path) this.#removeOlder();
      else references.push(readBytes(this.#path));
      this.#sidecars.sweep(references);
    } finally {
      this.#unlock();
    }
  }

  discard(): void {
    this.#refuseFinished();
    this.#close();
    try {
      if (this.#text !== undefined) rmSync(this.#aside ?? this.#path, { force: true });
      this.#sidecars.sweep(readReferences(this.#path));
    } finally {
      this.#unlock();
    }
    removeMadeFolders(dirname(this.#path));
  }

  setAside(): string {
    this.#target = toAsidePath(this.#path);
    return this.#target;
  }

  release(): string | undefined {
    if (this.#isFinished) return undefined;
    this.#close();
    this.#unlock();
    return this.#text === undefined ? undefined : (this.#aside ?? this.#path);
  }

  /** What did not become the cassette when it was recorded before. */
  #removeOlder(): void {
    for (const path of [toAsidePath(this.#path), toRefusedPath(this.#path)]) rmSync(path, { force: true });
  }

  #close(): void {
    this.#isFinished = true;
    this.#text?.close();
  }

  /** Renames the file only when it has content. If it cannot be started, the lock is released. */
  #create(headerText: string): TextFile {
    const draft = `${this.#path}.recording`;
    try {
      const text = TextFile.create(draft);
      this.#restart(text, headerText);
      if (this.#aside === undefined) text.moveTo(this.#path);
      return text;
    } catch (error) {
      this.#isFinished = true;
      rmSync(draft, { force: true });
      this.#unlock();
      throw error;
    }
  }

  #restart(text: TextFile, headerText: string): void {
    text.restart(headerText);
    this.#old = this.#keepsOld ? text.appendDocument([readDocuments(this.#path)]) : undefined;
  }

  /** The documents in the order of the cassette, each in pieces. */
  *#orderDocuments(
    documents: Iterable<number | string>,
    maskText: CassetteCheck["maskText"] = (text) => text,
  ): Generator<Iterable<string | Buffer>> {
    const text = this.#requireText();
    if (this.#old !== undefined) yield [maskText(Buffer.concat([...text.pieces(this.#old)]).toString())];
    for (const document of documents) {
      yield typeof document === "string" ? [document] : text.pieces(this.#findDocument(document));
    }
  }

  #findDocument(number: number): FileRange {
    const at = this.#starts[number] as number;
    return { at, size: (this.#starts[number + 1] ?? this.#requireText().size) - at };
  }

  /** Returns the sidecars that the new cassette refers to. */
  #replace(
    headerText: string,
    documents: Iterable<Iterable<string | Buffer>>,
    inspect: InspectCassette | undefined,
  ): SidecarReferences {
    const [draft, references] = [`${this.#path}.new`, new SidecarReferences()];
    try {
      const file = TextFile.create(draft, readPermissions(this.#path));
      file.restart(headerText);
      for (const pieces of documents) file.appendDocument(scanReferences(pieces, references));
      file.sync();
      file.close();
      inspectDraft(draft, this.#path, inspect);
      withDiskErrors("write", this.#target, () => renameSync(draft, this.#target));
      withDiskErrors("write", this.#target, () => syncFolder(dirname(this.#path)));
      return references;
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  #requireText(): TextFile {
    if (this.#text === undefined) throw new Error("a recording begins with its header");
    return this.#text;
  }

  #refuseFinished(): void {
    if (!this.#isFinished) return;
    const message = `the recording of \`${this.#path}\` has been finished; open a new store to record on`;
    throw new UsageError("WHALESONG_STORE_FINISHED", message);
  }
}

function createNotAFileError(path: string): UsageError {
  const message = `cannot record to \`${path}\`: something that is not a file is there; name a file such as \`${path}/run.yaml\``;
  return new UsageError("WHALESONG_NOT_A_FILE", message, { fields: { path } });
}

function* scanReferences(pieces: Iterable<string | Buffer>, references: SidecarReferences): Generator<Buffer> {
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    references.push(bytes);
    yield bytes;
  }
}

/** A cassette that is replaced keeps the permissions it had. */
function readPermissions(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : found.mode & 0o777;
}
