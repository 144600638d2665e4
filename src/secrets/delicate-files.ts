/** Files that people forget to exclude from a build's context. */

/** Begins the comment that names them. */
export const DELICATE_COMMENT = "may hold secrets";

const DELICATE = /(?:^|\/)(?:\.env(?:\..+)?|\.npmrc|\.netrc|id_(?:rsa|dsa|ecdsa|ed25519)|.+\.(?:pem|key|p12))$/;
const NAMED = 5;

/** The comment on those among the paths; none where there is none. */
export function describeDelicateFiles(paths: readonly string[]): readonly string[] {
  const delicate = paths.filter((path) => DELICATE.test(path));
  return delicate.length === 0 ? [] : [`${DELICATE_COMMENT}: ${delicate.slice(0, NAMED).join(", ")}`];
}
