/** Removes names of images, and images (moby daemon/images/image_delete.go). */

import { toChainIds } from "../../images/layers.ts";
import { type ApiError, conflictError } from "../../model/api-error.ts";
import { type Container, isRunning } from "../../model/container.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image } from "../../model/image.ts";
import { dropHubPrefix, toRepositoryName, withDefaultTag } from "../../model/image-store.ts";
import { toShortId } from "../../model/short-id.ts";
import type { Engine } from "../engine.ts";

export type RemovedItem = { readonly Untagged: string } | { readonly Deleted: string };

export interface ImageRemoval {
  readonly isForced: boolean;
  /** Also removes parents that are not used any more. */
  readonly prunes: boolean;
}

/** @throws ApiError 404 for an unknown image, 409 for one in use */
export function removeImage(engine: Engine, reference: string, options: ImageRemoval): RemovedItem[] {
  const image = engine.images.find(reference);
  const removed: RemovedItem[] = [];
  if (!isIdOf(image, reference)) {
    const name = findName(image, reference);
    checkLastName(engine, image, reference, options.isForced);
    removeTag(engine, image.id, name, removed);
    const remaining = engine.images.get(image.id) as Image;
    if (hasNames(remaining)) return removed;
    return deleteImage(engine, remaining, options, removed, true);
  }
  if (isNamedOnce(image)) {
    const obstacle = findObstacle(engine, image, { isForced: options.isForced, ignoresNames: true });
    if (obstacle !== undefined) throw obstacle.error;
    for (const name of [...image.tags, ...image.digests]) removeName(engine, image.id, name, removed);
  }
  return deleteImage(engine, engine.images.get(image.id) as Image, options, removed, false);
}

function isIdOf({ id, tags }: Image, reference: string): boolean {
  if (tags.includes(withDefaultTag(dropHubPrefix(reference)))) return false;
  return id.startsWith(reference) || id.startsWith(`sha256:${reference}`);
}

function findName({ tags, digests }: Image, reference: string): string {
  const name = dropHubPrefix(reference);
  const tagged = withDefaultTag(name);
  return tags.includes(tagged)
    ? tagged
    : (digests.find((digest) => digest === name.replace(/:[^/@]*@/, "@")) ?? tagged);
}

function hasNames({ tags, digests }: Image): boolean {
  return tags.length + digests.length > 0;
}

/** The image has at most one tag, and all of its names are in one repository. */
function isNamedOnce({ tags, digests }: Image): boolean {
  if (tags.length + digests.length <= 1) return true;
  return tags.length <= 1 && new Set([...tags, ...digests].map(toRepositoryName)).size === 1;
}

function checkLastName(engine: Engine, image: Image, reference: string, isForced: boolean): void {
  if (isForced || !isNamedOnce(image)) return;
  const user = listUsers(engine, image)[0];
  if (user === undefined) return;
  const reason = `container ${toShortId(user.id)} is using its referenced image ${toShortId(image.id)}`;
  throw conflictError(`conflict: unable to remove repository reference "${reference}" (must force) - ${reason}`);
}

/** The last tag of a repository takes its digests with it. */
function removeTag(engine: Engine, id: string, name: string, removed: RemovedItem[]): void {
  removeName(engine, id, name, removed);
  if (name.includes("@")) return;
  const { tags, digests } = engine.images.get(id) as Image;
  const repository = toRepositoryName(name);
  if (tags.some((tag) => toRepositoryName(tag) === repository)) return;
  for (const digest of digests) if (toRepositoryName(digest) === repository) removeName(engine, id, digest, removed);
}

function removeName(engine: Engine, id: string, name: string, removed: RemovedItem[]): void {
  engine.images.removeName(id, name);
  emitImageEvent(engine, id, "untag");
  removed.push({ Untagged: name });
}

/**
 * @param isQuiet keep an image that is in use, without an error: the client only removed its name
 * @throws ApiError 409 for an image in use
 */
function deleteImage(
  engine: Engine,
  image: Image,
  { isForced, prunes }: ImageRemoval,
  removed: RemovedItem[],
  isQuiet: boolean,
): RemovedItem[] {
  const obstacle = findObstacle(engine, image, { isForced, ignoresNames: false });
  if (obstacle !== undefined) {
    if (isQuiet && (obstacle.isUsed || hasNames(image) || engine.images.findChildren(image.id).length > 0))
      return removed;
    throw obstacle.error;
  }
  for (const name of [...image.tags, ...image.digests]) removeName(engine, image.id, name, removed);
  const layers = listFreedLayers(engine, image);
  emitImageEvent(engine, image.id, "delete");
  engine.images.delete(image.id);
  removed.push({ Deleted: image.id }, ...layers.map((id) => ({ Deleted: id })));
  const parent = engine.images.get(image.parentId);
  if (!prunes || parent === undefined || hasNames(parent)) return removed;
  return deleteImage(engine, parent, { isForced: false, prunes }, removed, true);
}

/** Why an image cannot be removed. */
interface Obstacle {
  readonly error: ApiError;
  readonly isUsed: boolean;
}

function findObstacle(
  engine: Engine,
  image: Image,
  { isForced, ignoresNames }: { readonly isForced: boolean; readonly ignoresNames: boolean },
): Obstacle | undefined {
  const toObstacle = (isHard: boolean, why: string, isUsed: boolean): Obstacle => {
    const way = isHard ? "cannot be forced" : "must be forced";
    return { error: conflictError(`conflict: unable to delete ${toShortId(image.id)} (${way}) - ${why}`), isUsed };
  };
  if (engine.images.findChildren(image.id).length > 0)
    return toObstacle(true, "image has dependent child images", false);
  const users = listUsers(engine, image);
  const running = users.find(isRunning);
  if (running !== undefined)
    return toObstacle(true, `image is being used by running container ${toShortId(running.id)}`, true);
  if (isForced) return undefined;
  if (!ignoresNames && hasNames(image)) return toObstacle(false, "image is referenced in multiple repositories", false);
  const user = users[0];
  return user === undefined
    ? undefined
    : toObstacle(false, `image is being used by stopped container ${toShortId(user.id)}`, true);
}

function listUsers({ containers }: Engine, { id }: Image): Container[] {
  return [...containers].filter(({ imageId }) => imageId === id);
}

/** The layers that no other image has, topmost first. */
function listFreedLayers(engine: Engine, image: Image): string[] {
  if (listUsers(engine, image).length > 0) return [];
  const needed = new Set(
    [...engine.images].filter(({ id }) => id !== image.id).flatMap(({ layers }) => toChainIds(layers)),
  );
  return toChainIds(image.layers)
    .filter((id) => !needed.has(id))
    .reverse();
}
