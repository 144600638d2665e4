/** Records a tree that passes by fsutil's protocol: as a tar beside the cassette, or as digests only. */
import { createHash, type Hash } from "node:crypto";
import type { BuildTransferContent, UntarredEntry } from "../../cassette/build-model.ts";
import { hasTarType } from "../../cassette/tree-tar.ts";
import { describeDelicateFiles } from "../../secrets/delicate-files.ts";
import { formatTarListing } from "../../wire/archive/tar.ts";
import { FileObserver } from "../../wire/buildkit/files/file-observer.ts";
import { decodeFilePacket } from "../../wire/buildkit/files/file-packet.ts";
import { type FileStat, hasContent, readFileType, toUnixMode } from "../../wire/buildkit/files/file-stat.ts";
import type { Http2Side } from "../../wire/http2/http2-event.ts";
import type { RecordingStore } from "../store.ts";
import type { RecordedTransfer, TransferRecorder } from "./transfer-recorder.ts";
import { TreeContents } from "./tree-contents.ts";

export interface TreeRecorderOptions {
  readonly store: RecordingStore;
  readonly sender: Http2Side;
  /** Keep only paths, modes, sizes and digests. */
  readonly digestsOnly: boolean;
}

export class TreeRecorder implements TransferRecorder {
  readonly #options: TreeRecorderOptions;
  readonly #observer: FileObserver = new FileObserver();
  readonly #contents: TreeContents;
  /** As listed: an entry's index is its id. */
  readonly #stats: FileStat[] = [];
  /** Instead of contents. */
  readonly #digests = new Map<number, Hash>();
  readonly #complete = new Set<number>();

  constructor(options: TreeRecorderOptions) {
    this.#options = options;
    this.#contents = new TreeContents(options.store);
  }

  push(side: Http2Side, message: Buffer): void {
    const from = side === this.#options.sender ? "sender" : "receiver";
    for (const event of this.#observer.push(from, decodeFilePacket(message))) {
      if (event.kind === "stat") this.#stats.push(event.stat);
      else if (event.kind === "data") this.#takeData(event.id, event.bytes);
      else if (event.kind === "file") this.#endFile(event.id, event.stat);
    }
  }

  finish(label: string): RecordedTransfer {
    const { stats, isComplete, error } = this.#observer.transfer;
    if (!this.#options.digestsOnly) for (const [id, stat] of stats.entries()) this.#writeRest(id, stat);
    const tar = this.#contents.finish(label);
    const entries = stats.flatMap((stat, id) => (this.#contents.isWritten(id) ? [] : [this.#describe(stat, id)]));
    const content: BuildTransferContent = { kind: "tree", ...(tar === undefined ? {} : { tar }), entries };
    const problem = error ?? (isComplete ? undefined : "it broke off");
    return { content, ...(problem === undefined ? {} : { problem }), comments: this.#list(stats) };
  }

  discard(): void {
    this.#contents.discard();
  }

  #takeData(id: number, bytes: Buffer): void {
    const stat = this.#stats[id] as FileStat;
    if (this.#options.digestsOnly) this.#digestOf(id).update(bytes);
    else this.#contents.push(id, stat, bytes);
  }

  #endFile(id: number, stat: FileStat): void {
    if (this.#options.digestsOnly) this.#digestOf(id);
    else this.#contents.end(id, stat);
    this.#complete.add(id);
  }

  #digestOf(id: number): Hash {
    const hash = this.#digests.get(id) ?? createHash("sha256");
    this.#digests.set(id, hash);
    return hash;
  }

  #writeRest(id: number, stat: FileStat): void {
    if (this.#complete.has(id)) this.#contents.writeFile(id);
    else if (!hasContent(stat) && hasTarType(stat)) this.#contents.writeBare(id, stat);
  }

  #describe(stat: FileStat, id: number): UntarredEntry {
    const sha256 = this.#complete.has(id) ? this.#digests.get(id)?.digest("hex") : undefined;
    return {
      path: stat.path,
      type: readFileType(stat.mode),
      mode: toUnixMode(stat.mode),
      size: stat.size,
      ...(stat.linkname === "" ? {} : { link: stat.linkname }),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  }

  /** What the tar has, for a reader; what it has not stands below. */
  #list(stats: readonly FileStat[]): readonly string[] {
    const inTar = stats.filter((_, id) => this.#contents.isWritten(id));
    const listing = formatTarListing(
      inTar.map(({ path, mode, size, linkname }) => {
        const type = readFileType(mode);
        const entry = { name: path, type: type === "file" && linkname !== "" ? "link" : type, mode: toUnixMode(mode) };
        return { ...entry, size, sha256: "", ...(linkname === "" ? {} : { linkname }) };
      }),
    );
    const withContent = inTar.filter(hasContent).map(({ path }) => path);
    return [...listing, ...describeDelicateFiles(withContent)];
  }
}
