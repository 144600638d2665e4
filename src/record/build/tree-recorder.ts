/** Records a tree that passes by fsutil's protocol: as a tar beside the cassette, or as digests only. */
import type { BuildTransferContent, UntarredEntry } from "../../cassette/build-model.ts";
import { hasTarType } from "../../cassette/tree-tar.ts";
import { FileObserver } from "../../wire/buildkit/files/file-observer.ts";
import { decodeFilePacket } from "../../wire/buildkit/files/file-packet.ts";
import { type FileStat, hasContent, readFileType, toUnixMode } from "../../wire/buildkit/files/file-stat.ts";
import type { Http2Side } from "../../wire/http2/http2-event.ts";
import { formatTarListing } from "../../wire/tar.ts";
import type { RecordingStore } from "../store.ts";
import { DigestedContent, FileContent } from "./file-contents.ts";
import type { RecordedTransfer, TransferRecorder } from "./transfer-recorder.ts";
import { TreeTarWriter } from "./tree-tar-writer.ts";

/** Up to here complete files wait for the end, to be written in the order of the list: the same tree, the same tar. */
const SORTED_LIMIT = 8 * 1024 * 1024;

export interface TreeRecorderOptions {
  readonly store: RecordingStore;
  readonly sender: Http2Side;
  /** Keep only paths, modes, sizes and digests. */
  readonly digestsOnly: boolean;
}

export class TreeRecorder implements TransferRecorder {
  readonly #options: TreeRecorderOptions;
  readonly #observer: FileObserver = new FileObserver();
  readonly #tar: TreeTarWriter;
  /** By the id of the entry. */
  readonly #contents = new Map<number, FileContent>();
  readonly #digests = new Map<number, DigestedContent>();
  /** Complete, and not yet in the tar. */
  readonly #complete = new Set<number>();
  readonly #written = new Set<number>();
  #waitingSize = 0;

  constructor(options: TreeRecorderOptions) {
    this.#options = options;
    this.#tar = new TreeTarWriter(options.store);
  }

  push(side: Http2Side, message: Buffer): void {
    const from = side === this.#options.sender ? "sender" : "receiver";
    for (const event of this.#observer.push(from, decodeFilePacket(message))) {
      if (event.kind === "data") this.#contentOf(event.id).push(event.bytes);
      else if (event.kind === "file") this.#endFile(event.id);
    }
  }

  finish(label: string): RecordedTransfer {
    const { stats, isComplete, error } = this.#observer.transfer;
    if (!this.#options.digestsOnly) for (const [id, stat] of stats.entries()) this.#writeRest(id, stat);
    const tar = this.#tar.finish(label);
    const entries = stats.flatMap((stat, id) => (this.#written.has(id) ? [] : [this.#describe(stat, id)]));
    for (const content of this.#contents.values()) content.discard();
    const content: BuildTransferContent = { kind: "tree", ...(tar === undefined ? {} : { tar }), entries };
    const problem = error ?? (isComplete ? undefined : "it broke off");
    return { content, ...(problem === undefined ? {} : { problem }), comments: this.#list(stats) };
  }

  discard(): void {
    this.#tar.discard();
    for (const content of this.#contents.values()) content.discard();
  }

  #contentOf(id: number): FileContent | DigestedContent {
    const known = this.#contents.get(id) ?? this.#digests.get(id);
    if (known !== undefined) return known;
    if (this.#options.digestsOnly) {
      const digest = new DigestedContent();
      this.#digests.set(id, digest);
      return digest;
    }
    const content = new FileContent(this.#options.store);
    this.#contents.set(id, content);
    return content;
  }

  #endFile(id: number): void {
    this.#contentOf(id);
    this.#complete.add(id);
    this.#waitingSize += this.#contents.get(id)?.size ?? 0;
    if (this.#waitingSize > SORTED_LIMIT) this.#writeComplete();
  }

  #writeComplete(): void {
    const { stats } = this.#observer.transfer;
    for (const id of [...this.#complete].sort((one, other) => one - other)) this.#writeFile(id, stats[id] as FileStat);
    this.#waitingSize = 0;
  }

  #writeRest(id: number, stat: FileStat): void {
    if (this.#complete.has(id)) this.#writeFile(id, stat);
    else if (!this.#written.has(id) && !hasContent(stat) && hasTarType(stat)) {
      this.#tar.write(stat);
      this.#written.add(id);
    }
  }

  #writeFile(id: number, stat: FileStat): void {
    const content = this.#contents.get(id);
    if (content === undefined) return;
    this.#tar.write(stat, content);
    this.#contents.delete(id);
    this.#complete.delete(id);
    this.#written.add(id);
  }

  #describe(stat: FileStat, id: number): UntarredEntry {
    const sha256 = this.#complete.has(id) ? this.#digests.get(id)?.finish() : undefined;
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
    const inTar = stats.filter((_, id) => this.#written.has(id));
    return formatTarListing(
      inTar.map(({ path, mode, size, linkname }) => {
        const type = readFileType(mode);
        const entry = { name: path, type: type === "file" && linkname !== "" ? "link" : type, mode: toUnixMode(mode) };
        return { ...entry, size, sha256: "", ...(linkname === "" ? {} : { linkname }) };
      }),
    );
  }
}
