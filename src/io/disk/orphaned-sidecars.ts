/** Files beside a cassette that whalesong named and that the cassette does not: left by a recorder, or by an edit. */
import { existsSync, statSync } from "node:fs";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { readReferences } from "./read-references.ts";
import { SidecarFolder } from "./sidecar-folder.ts";
import { SidecarReferences } from "./sidecar-references.ts";

/** None while a recording goes on, whose sidecars the cassette does not name yet. */
export function listOrphanedSidecars(cassette: string): readonly string[] {
  if (isBeingRecorded(cassette)) return [];
  return openFolder(cassette).listOrphans(readReferences(cassette));
}

/** Removes them, and the folder if it is empty then. */
export function removeOrphanedSidecars(cassette: string): void {
  if (!isBeingRecorded(cassette)) openFolder(cassette).sweep(readReferences(cassette));
}

/** Removes the sidecars of a cassette that is gone, and the folder if it is empty then. */
export function removeSidecars(cassette: string): void {
  openFolder(cassette).sweep(new SidecarReferences());
}

/** The bytes of a cassette and of its sidecars, each file once. */
export function measureCassette(path: string, sidecars: readonly SidecarRef[]): number {
  const sizes = new Map(sidecars.map((sidecar) => [sidecar.path, sidecar.size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, statSync(path).size);
}

function isBeingRecorded(cassette: string): boolean {
  return existsSync(`${cassette}.lock`) || existsSync(`${cassette}.recording`);
}

function openFolder(cassette: string): SidecarFolder {
  return new SidecarFolder(cassette, 0o644);
}
