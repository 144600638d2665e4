/** How images lose their names and go (moby daemon/images/image_delete.go). */

import { chainIds } from "../../images/layers.ts";
import { type ApiError, conflict } from "../../model/api-error.ts";
import { type Container, isRunning } from "../../model/container.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image } from "../../model/image.ts";
import { familiar, repositoryOf, withTag } from "../../model/images.ts";
import type { Engine } from "../engine.ts";

const SHORT = 12;

export type Removed = { readonly Untagged: string } | { readonly Deleted: string };

export interface ImageRemoval {
  readonly isForced: boolean;
  /** Parents that nobody needs any more go with it. */
  readonly prunes: boolean;
}

/** @throws Refusal 404 where there is none, 409 where it is needed */
export function removeImage(engine: Engine, reference: string, how: ImageRemoval): Removed[] {
  const image = engine.images.find(reference);
  const removed: Removed[] = [];
  if (!isIdOf(image, reference)) {
    const name = nameOf(image, reference);
    checkLastName(engine, image, reference, how.isForced);
    untag(engine, image.id, name, removed);
    const left = engine.images.get(image.id) as Image;
    if (hasNames(left)) return removed;
    return deleted(engine, left, how, removed, true);
  }
  if (isNamedOnce(image)) {
    const refused = refusalOf(engine, image, { isForced: how.isForced, ignoresNames: true });
    if (refused !== undefined) throw refused.refusal;
    for (const name of [...image.tags, ...image.digests]) untagOne(engine, image.id, name, removed);
  }
  return deleted(engine, engine.images.get(image.id) as Image, how, removed, false);
}

function isIdOf({ id, tags }: Image, reference: string): boolean {
  if (tags.includes(withTag(familiar(reference)))) return false;
  return id.startsWith(reference) || id.startsWith(`sha256:${reference}`);
}

function nameOf({ tags, digests }: Image, reference: string): string {
  const name = familiar(reference);
  const tagged = withTag(name);
  return tags.includes(tagged)
    ? tagged
    : (digests.find((digest) => digest === name.replace(/:[^/@]*@/, "@")) ?? tagged);
}

function hasNames({ tags, digests }: Image): boolean {
  return tags.length + digests.length > 0;
}

/** At most one tag, and all names in one repository. */
function isNamedOnce({ tags, digests }: Image): boolean {
  if (tags.length + digests.length <= 1) return true;
  return tags.length <= 1 && new Set([...tags, ...digests].map(repositoryOf)).size === 1;
}

function checkLastName(engine: Engine, image: Image, reference: string, isForced: boolean): void {
  if (isForced || !isNamedOnce(image)) return;
  const user = usersOf(engine, image)[0];
  if (user === undefined) return;
  const what = `container ${short(user.id)} is using its referenced image ${short(image.id)}`;
  throw conflict(`conflict: unable to remove repository reference "${reference}" (must force) - ${what}`);
}

/** With the last tag of a repository its digests go, too. */
function untag(engine: Engine, id: string, name: string, removed: Removed[]): void {
  untagOne(engine, id, name, removed);
  if (name.includes("@")) return;
  const { tags, digests } = engine.images.get(id) as Image;
  const repository = repositoryOf(name);
  if (tags.some((tag) => repositoryOf(tag) === repository)) return;
  for (const digest of digests) if (repositoryOf(digest) === repository) untagOne(engine, id, digest, removed);
}

function untagOne(engine: Engine, id: string, name: string, removed: Removed[]): void {
  engine.images.unname(id, name);
  emitImageEvent(engine, id, "untag");
  removed.push({ Untagged: name });
}

/** `isQuiet`: its names are gone anyway, so that it may stay where it is needed. @throws Refusal 409 */
function deleted(
  engine: Engine,
  image: Image,
  { isForced, prunes }: ImageRemoval,
  removed: Removed[],
  isQuiet: boolean,
): Removed[] {
  const refused = refusalOf(engine, image, { isForced, ignoresNames: false });
  if (refused !== undefined) {
    if (isQuiet && (refused.isUsed || hasNames(image) || engine.images.childrenOf(image.id).length > 0)) return removed;
    throw refused.refusal;
  }
  for (const name of [...image.tags, ...image.digests]) untagOne(engine, image.id, name, removed);
  const layers = freedLayers(engine, image);
  emitImageEvent(engine, image.id, "delete");
  engine.images.delete(image.id);
  removed.push({ Deleted: image.id }, ...layers.map((id) => ({ Deleted: id })));
  const parent = engine.images.get(image.parentId);
  if (!prunes || parent === undefined || hasNames(parent)) return removed;
  return deleted(engine, parent, { isForced: false, prunes }, removed, true);
}

interface Refused {
  readonly refusal: ApiError;
  readonly isUsed: boolean;
}

function refusalOf(
  engine: Engine,
  image: Image,
  { isForced, ignoresNames }: { readonly isForced: boolean; readonly ignoresNames: boolean },
): Refused | undefined {
  const refused = (isHard: boolean, why: string, isUsed: boolean): Refused => {
    const way = isHard ? "cannot be forced" : "must be forced";
    return { refusal: conflict(`conflict: unable to delete ${short(image.id)} (${way}) - ${why}`), isUsed };
  };
  if (engine.images.childrenOf(image.id).length > 0) return refused(true, "image has dependent child images", false);
  const users = usersOf(engine, image);
  const running = users.find(isRunning);
  if (running !== undefined)
    return refused(true, `image is being used by running container ${short(running.id)}`, true);
  if (isForced) return undefined;
  if (!ignoresNames && hasNames(image)) return refused(false, "image is referenced in multiple repositories", false);
  const user = users[0];
  return user === undefined
    ? undefined
    : refused(false, `image is being used by stopped container ${short(user.id)}`, true);
}

export function usersOf({ containers }: Engine, { id }: Image): Container[] {
  return [...containers].filter(({ imageId }) => imageId === id);
}

/** The layers that nothing else is made of, topmost first. */
function freedLayers(engine: Engine, image: Image): string[] {
  if (usersOf(engine, image).length > 0) return [];
  const needed = new Set(
    [...engine.images].filter(({ id }) => id !== image.id).flatMap(({ layers }) => chainIds(layers)),
  );
  return chainIds(image.layers)
    .filter((id) => !needed.has(id))
    .reverse();
}

function short(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, SHORT);
}
