/**
 * The contents of a tree's files on their way into a tar. They come interleaved and in any order. Small ones wait in
 * memory for the end, so that the same tree gives the same tar; a large one is written while it comes, and others are
 * written aside meanwhile. Memory does not grow with what passes.
 */
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import type { FileStat } from "../../wire/buildkit/files/file-stat.ts";
import type { RecordingStore } from "../store.ts";
import { TreeTarWriter } from "./tree-tar-writer.ts";

/** A larger content is written while it comes. */
const LARGE = 1024 * 1024;
/** So much waits for the end. */
const WAITING_LIMIT = 8 * 1024 * 1024;

interface ContentInProgress {
  readonly stat: FileStat;
  pieces: Buffer[];
  size: number;
  /** Where a large one goes. */
  lane: TreeTarWriter | undefined;
  isComplete: boolean;
}

export class TreeContents {
  readonly #store: RecordingStore;
  /** By the id of the entry, until it is written. */
  readonly #contents = new Map<number, ContentInProgress>();
  /** The first is the tar; what is written aside is added to it in the end. */
  readonly #lanes: TreeTarWriter[] = [];
  readonly #written = new Set<number>();
  #waitingSize = 0;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  isWritten(id: number): boolean {
    return this.#written.has(id);
  }

  push(id: number, stat: FileStat, bytes: Buffer): void {
    const content = this.#contentOf(id, stat);
    content.size += bytes.length;
    if (content.lane !== undefined) content.lane.append(bytes);
    // A copy: a piece is a part of what was read, which need not stay for it.
    else content.pieces.push(Buffer.from(bytes));
    if (content.lane === undefined && content.size > LARGE) this.#spill(content);
  }

  end(id: number, stat: FileStat): void {
    const content = this.#contentOf(id, stat);
    content.isComplete = true;
    if (content.lane !== undefined) {
      content.lane.end();
      this.#noteWritten(id);
      return;
    }
    this.#waitingSize += content.size;
    if (this.#waitingSize > WAITING_LIMIT) this.#writeWaiting();
  }

  /** An entry without content: a directory, a link. To be called in the order of the list, as `writeFile` is. */
  writeBare(id: number, stat: FileStat): void {
    this.#freeLane().write(stat, []);
    this.#written.add(id);
  }

  /** Writes a complete content that waits. */
  writeFile(id: number): void {
    const content = this.#contents.get(id);
    if (content === undefined || !content.isComplete) return;
    this.#freeLane().write(content.stat, content.pieces);
    this.#noteWritten(id);
  }

  /** The tar; undefined where nothing was written, and where a large content broke off in the middle of it. */
  finish(label: string): SidecarRef | undefined {
    const [tar, ...others] = this.#lanes;
    if (tar === undefined) return undefined;
    if (this.#lanes.some(({ isBusy }) => isBusy)) {
      this.discard();
      this.#written.clear();
      return undefined;
    }
    for (const lane of others) tar.absorb(lane);
    this.#contents.clear();
    return tar.finish(label);
  }

  discard(): void {
    for (const lane of this.#lanes) lane.discard();
    this.#contents.clear();
  }

  #contentOf(id: number, stat: FileStat): ContentInProgress {
    const known = this.#contents.get(id);
    if (known !== undefined) return known;
    const content = { stat, pieces: [], size: 0, lane: undefined, isComplete: false };
    this.#contents.set(id, content);
    return content;
  }

  #spill(content: ContentInProgress): void {
    content.lane = this.#freeLane();
    content.lane.begin(content.stat);
    for (const piece of content.pieces) content.lane.append(piece);
    content.pieces = [];
  }

  #writeWaiting(): void {
    const ids = [...this.#contents].filter(([, { isComplete }]) => isComplete).map(([id]) => id);
    for (const id of ids.sort((one, other) => one - other)) this.writeFile(id);
    this.#waitingSize = 0;
  }

  #freeLane(): TreeTarWriter {
    const free = this.#lanes.find(({ isBusy }) => !isBusy);
    if (free !== undefined) return free;
    const lane = new TreeTarWriter(this.#store);
    this.#lanes.push(lane);
    return lane;
  }

  #noteWritten(id: number): void {
    this.#contents.delete(id);
    this.#written.add(id);
  }
}
