/** Parses and formats names of images, like docker/distribution's reference package. */
import { badParameter } from "./api-error.ts";

export interface ImageReference {
  /** `docker.io`, `127.0.0.1:5000`. */
  readonly domain: string;
  /** `library/busybox`, `tide/web`. */
  readonly path: string;
  readonly tag: string | undefined;
  /** `sha256:...` */
  readonly digest: string | undefined;
}

export const HUB = "docker.io";
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const NAME = new RegExp(`^${PART}(?:/${PART})*$`);
const LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::[0-9]+)?$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const INVALID = "invalid reference format";
const MAX_NAME_LENGTH = 255;
/** Hexadecimal digits by algorithm (opencontainers/go-digest). */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** @throws ApiError 400 for an invalid name */
export function parseReference(text: string): ImageReference {
  if (/^[0-9a-f]{64}$/.test(text)) {
    throw badParameter(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const [nameAndTag = "", digest] = text.split(/@(.*)/s);
  const tagAt = nameAndTag.indexOf(":", nameAndTag.lastIndexOf("/") + 1);
  const name = tagAt === -1 ? nameAndTag : nameAndTag.slice(0, tagAt);
  const tag = tagAt === -1 ? undefined : nameAndTag.slice(tagAt + 1);
  const { domain, path } = splitDomain(name);
  const isLower = path === path.toLowerCase();
  if (!isLower) throw badParameter(`${INVALID}: repository name (${path}) must be lowercase`);
  const isValid =
    NAME.test(path) &&
    DOMAIN.test(domain) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!isValid) throw badParameter(INVALID);
  if (`${domain}/${path}`.length > MAX_NAME_LENGTH) {
    throw badParameter(`repository name must not be more than ${MAX_NAME_LENGTH} characters`);
  }
  if (digest !== undefined) checkDigest(digest);
  return { domain, path, tag, digest };
}

function checkDigest(digest: string): void {
  const [algorithm = "", hex = ""] = digest.split(":");
  const length = DIGEST_LENGTHS[algorithm];
  if (length === undefined) throw badParameter("unsupported digest algorithm");
  if (hex.length !== length) throw badParameter("invalid checksum digest length");
  if (hex !== hex.toLowerCase()) throw badParameter("invalid checksum digest format");
}

function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  if (slash === -1 || !isDomain) return toHubName(name);
  if (first === HUB || first === `index.${HUB}`) return toHubName(name.slice(slash + 1));
  return { domain: first, path: name.slice(slash + 1) };
}

function toHubName(path: string): { readonly domain: string; readonly path: string } {
  return { domain: HUB, path: path.includes("/") ? path : `library/${path}` };
}

/**
 * Parses the `repo` and `tag` of a query. An empty tag adds nothing.
 * @throws ApiError 400 for an invalid name or tag
 */
export function parseTaggedReference(repo: string, tag: string): ImageReference {
  const reference = parseReference(repo);
  if (tag === "") return reference;
  if (DIGEST.test(tag)) return { ...reference, digest: tag };
  if (!TAG.test(tag)) throw badParameter("invalid tag format");
  return { ...reference, tag };
}

/** The short form, without Docker Hub's own `docker.io` and `library`: `busybox`. */
export function toFamiliarName({ domain, path }: ImageReference): string {
  return domain === HUB ? path.replace(/^library\//, "") : `${domain}/${path}`;
}

/** The short form with the tag and digest that the reference has. */
export function toFamiliarText(reference: ImageReference): string {
  const { tag, digest } = reference;
  return `${toFamiliarName(reference)}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** Adds the tag `latest` to a reference without tag and digest. */
export function withLatest(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

/** The long form: `docker.io/library/busybox`. */
export function toFullName({ domain, path }: ImageReference): string {
  return `${domain}/${path}`;
}
