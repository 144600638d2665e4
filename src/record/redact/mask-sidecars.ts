/**
 * Masks what became known after a sidecar was written. A sidecar's name and digest are those of its content, so it is
 * written anew under another name, and the documents get its new reference.
 */
import { WhalesongError } from "../../base/errors.ts";
import { escapePattern } from "../../base/escape-pattern.ts";
import { prependBytes, takeStart } from "../../base/pieces.ts";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { formatSidecar } from "../../cassette/write/body.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { isTarStart } from "../../wire/archive/tar.ts";
import { isGzipStart, unpackGzip } from "../../wire/archive/unpack.ts";
import { isFrameStart } from "../../wire/streams/frame-lane.ts";
import { FRAME_HEADER_SIZE } from "../../wire/streams/stdcopy.ts";
import { MaskingEditor } from "../bodies/body-editor.ts";
import type { RecordingStore } from "../store.ts";
import { FrameMaskingEditor } from "./frame-masking-editor.ts";

/** By the path of the sidecar that is replaced. */
export type ReplacedSidecars = ReadonlyMap<string, { readonly old: SidecarRef; readonly now: SidecarRef }>;

/** Enough of a sidecar to know frames and gzip by. */
const START_SIZE = FRAME_HEADER_SIZE + 1;
const NAME = /([^/]+)-[0-9a-f]+(\.\w+)$/;

/** Those of the sidecars that are written anew. */
export async function replaceSidecars(
  sidecars: readonly SidecarRef[],
  store: RecordingStore,
  redactor: Redactor,
): Promise<ReplacedSidecars> {
  const replaced = new Map<string, { readonly old: SidecarRef; readonly now: SidecarRef }>();
  for (const old of sidecars) {
    const now = (await isMaskable(old, store, redactor)) ? await maskSidecar(old, store, redactor) : undefined;
    if (now !== undefined) replaced.set(old.path, { old, now });
  }
  return replaced;
}

/** Whether the rules let a sidecar be written anew: tars only where it is wanted. */
async function isMaskable(sidecar: SidecarRef, store: RecordingStore, { rules }: Redactor): Promise<boolean> {
  if (rules.isOn("tars")) return /\.(?:bin|tar)$/.test(sidecar.path);
  return sidecar.path.endsWith(".bin") && !(await isTar(sidecar, store));
}

/** A tar by its content: not each daemon calls it one. */
async function isTar(sidecar: SidecarRef, store: RecordingStore): Promise<boolean> {
  for await (const piece of store.read(sidecar)) return isTarStart(piece);
  return false;
}

/** @returns the new sidecar; undefined where nothing is masked in it */
async function maskSidecar(
  sidecar: SidecarRef,
  store: RecordingStore,
  redactor: Redactor,
): Promise<SidecarRef | undefined> {
  const [, label = "body", extension = ".bin"] = NAME.exec(sidecar.path) ?? [];
  const source = store.read(sidecar)[Symbol.asyncIterator]();
  const start = await takeStart(source, START_SIZE);
  const editor = isFrameStart(start) ? new FrameMaskingEditor(redactor) : new MaskingEditor(redactor);
  const writer = store.sidecar();
  try {
    // A tar in gzip is kept unpacked: a replay compares its entries.
    const whole = prependBytes(start, source);
    for await (const piece of isGzipStart(start) ? unpackGzip(whole) : whole) writer.write(editor.push(piece));
    writer.write(editor.finish());
  } catch (error) {
    writer.discard();
    // A sidecar that cannot be written, or read, is no other content: the secret would be left in it.
    if (!isGzipStart(start) || error instanceof WhalesongError) throw error;
    // Bytes that only begin like a gzip stay as they are.
    return undefined;
  } finally {
    await source.return?.();
  }
  if (editor.hasChanged) return writer.finish(label, extension);
  writer.discard();
  return undefined;
}

/** The text of a document with its new references. */
export function replaceReferences(text: string, replaced: ReplacedSidecars): string {
  let changed = text;
  for (const { old, now } of replaced.values()) if (changed.includes(old.path)) changed = refer(changed, old, now);
  return changed;
}

function refer(text: string, old: SidecarRef, now: SidecarRef): string {
  // One that had no digest has the spelling of this recorder, or of one that was killed.
  if (old.sha256 === undefined) return text.replaceAll(formatSidecar(old), formatSidecar(now));
  const changed = text.replaceAll(old.path, now.path).replaceAll(old.sha256, now.sha256 ?? old.sha256);
  if (old.size === now.size) return changed;
  const size = new RegExp(`(${escapePattern(now.path)}"?,?\\s+size: )${old.size}\\b`, "g");
  return changed.replace(size, `$1${now.size}`);
}
