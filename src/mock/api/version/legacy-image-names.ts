/** Names and ids of images as clients before API 1.12 knew them. */
import { withDefaultTag } from "../../model/image-store.ts";

/** The image of a container in lists and events before 1.12, which always had its tag. */
export function toTaggedName(image: string): string {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(image) ? toBareId(image) : withDefaultTag(image);
}

/** Before 1.12 an id had no `sha256:` before its 64 digits. */
export function toBareId(id: string): string {
  return id.replace(/^sha256:/, "");
}
