/** How clients before API 1.12 knew images. */
import { withTag } from "../../model/images.ts";

/** The image of a container as lists and events told it before 1.12: with its tag. */
export function toTaggedName(image: string): string {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(image) ? toBareId(image) : withTag(image);
}

/** Before content had addresses, an id was 64 digits and no more. */
export function toBareId(id: string): string {
  return id.replace(/^sha256:/, "");
}
