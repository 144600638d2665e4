/** Names of images as docker/distribution's reference package reads them. */
import { badParameter } from "./api-error.ts";

export interface Reference {
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

/** @throws Refusal 400 where it is no name */
export function parseReference(text: string): Reference {
  if (/^[0-9a-f]{64}$/.test(text)) {
    throw badParameter(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const [named = "", digest] = text.split(/@(.*)/s);
  const tagAt = named.indexOf(":", named.lastIndexOf("/") + 1);
  const name = tagAt === -1 ? named : named.slice(0, tagAt);
  const tag = tagAt === -1 ? undefined : named.slice(tagAt + 1);
  const { domain, path } = split(name);
  const isLower = path === path.toLowerCase();
  if (!isLower) throw badParameter(`${INVALID}: repository name must be lowercase`);
  const isValid =
    NAME.test(path) &&
    DOMAIN.test(domain) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!isValid) throw badParameter(INVALID);
  return { domain, path, tag, digest };
}

function split(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  if (slash === -1 || !isDomain) return onHub(name);
  if (first === HUB || first === `index.${HUB}`) return onHub(name.slice(slash + 1));
  return { domain: first, path: name.slice(slash + 1) };
}

function onHub(path: string): { readonly domain: string; readonly path: string } {
  return { domain: HUB, path: path.includes("/") ? path : `library/${path}` };
}

/** `repo` and `tag` of a query. @throws Refusal 400 */
export function taggedReference(repo: string, tag: string): Reference {
  const reference = parseReference(repo);
  if (tag === "") return reference;
  if (DIGEST.test(tag)) return { ...reference, digest: tag };
  if (!TAG.test(tag)) throw badParameter("invalid tag format");
  return { ...reference, tag };
}

/** As people write it: without the registry and the folder that are nobody's but Docker's. */
export function familiarName({ domain, path }: Reference): string {
  return domain === HUB ? path.replace(/^library\//, "") : `${domain}/${path}`;
}

/** With what was said of tag and digest, and no more. */
export function familiarText(reference: Reference): string {
  const { tag, digest } = reference;
  return `${familiarName(reference)}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** With the tag that is meant where none is said. */
export function withLatest(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

/** `docker.io/library/busybox` */
export function fullName({ domain, path }: Reference): string {
  return `${domain}/${path}`;
}
