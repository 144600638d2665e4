const SHORT_LENGTH = 12;

/** The first 12 digits of an id or a digest, without `sha256:`. */
export function toShortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, SHORT_LENGTH);
}
