/** Registries that are data: what can be pulled, who may, and what goes wrong. */

import { directoryNode, fileNode } from "../../userland/files/node.ts";
import { treeOf } from "../../userland/files/tree.ts";
import { handMade } from "../images/builtin.ts";
import { ApiError, notFound } from "../model/api-error.ts";
import type { SentConfig } from "../model/container-config.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Image } from "../model/image.ts";
import { familiarName, familiarText, HUB, parseReference, type Reference, withLatest } from "../model/reference.ts";
import { catalogDescription, catalogImage, catalogNames, standIn } from "./catalog.ts";
import { type Manifest, manifestOf } from "./manifest.ts";
import type { Offer, Registry, SearchResult } from "./registry.ts";

export interface PullableImage {
  /** By absolute path; over those of a busybox unless `isBare`. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `Cmd`, `Env`, `ExposedPorts` ... */
  readonly config?: SentConfig;
  /** Nothing but `files`. */
  readonly isBare?: boolean;
}

export interface PullFailure {
  /** Default: 500. */
  readonly status?: number;
  readonly message: string;
  /** In the middle of the stream, after so many layers; else instead of it. */
  readonly afterLayers?: number;
}

export interface RegistryScript {
  /** What can be pulled besides the catalog, by name: `shop/web:2`, `127.0.0.1:5000/tide`. */
  readonly images?: Readonly<Record<string, PullableImage>>;
  /** Whatever is not known can be pulled all the same, as a busybox. */
  readonly hasAnyImage?: boolean;
  /** How long each step of a layer takes, in milliseconds. Default: 0. */
  readonly delayMs?: number;
  /** Passwords by user by registry, such as `127.0.0.1:5000`. Who is not named here asks nobody. */
  readonly users?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By name, with or without a tag. */
  readonly failures?: Readonly<Record<string, PullFailure>>;
}

const NO_CREDENTIALS = "no basic auth credentials";
const WRONG_CREDENTIALS = "unauthorized: authentication required";
const UNKNOWN = "manifest unknown: manifest unknown";

export class ScriptedRegistry implements Registry {
  readonly #script: RegistryScript;
  /** By `domain/path`, then by tag. */
  readonly #stock = new Map<string, Map<string, Image>>();

  /** @throws Refusal where a name is none */
  constructor(script: RegistryScript = {}) {
    this.#script = script;
    for (const [name, image] of Object.entries(script.images ?? {})) this.#keep(parseReference(name), madeOf(image));
  }

  async find(reference: Reference, credentials: Credentials): Promise<Offer> {
    const page = `Head "${addressOf(reference)}/manifests/${reference.digest ?? reference.tag ?? "latest"}": `;
    this.#check(reference, credentials, page);
    const failure = this.#failureOf(reference);
    if (failure !== undefined && failure.afterLayers === undefined) throw failed(failure);
    const image = this.#image(reference) ?? (failure && standIn(familiarName(reference), "latest"));
    if (image === undefined) throw this.#unknown(reference);
    const breaksAfter =
      failure?.afterLayers === undefined
        ? {}
        : { breaksAfter: { layers: failure.afterLayers, message: failure.message } };
    return { image, manifest: manifestOf(image), delayMs: this.#script.delayMs ?? 0, ...breaksAfter };
  }

  async tags(reference: Reference, credentials: Credentials): Promise<readonly string[]> {
    this.#check(reference, credentials, `Get "${addressOf(reference)}/tags/list": `);
    const failure = this.#failureOf(reference);
    if (failure !== undefined) throw failed(failure);
    const tags = [...(this.#stock.get(keyOf(reference))?.keys() ?? [])];
    const all = tags.length === 0 && this.#image(withLatest(reference)) !== undefined ? ["latest"] : tags;
    if (all.length === 0) throw this.#unknown(reference);
    return all.sort();
  }

  async admit(reference: Reference, credentials: Credentials): Promise<void> {
    this.#check(reference, credentials, "");
    const failure = this.#failureOf(reference);
    if (failure !== undefined) throw failed(failure);
    // Nobody but Docker's own may put anything there.
    if (reference.domain === HUB && reference.path.startsWith("library/")) {
      throw new ApiError(500, "denied: requested access to the resource is denied");
    }
  }

  async holds({ domain }: Reference, image: Image, layer: number): Promise<string | undefined> {
    const wanted = manifestOf(image).blobs[layer]?.digest;
    const own = [...this.#stock].filter(([key]) => key.startsWith(`${domain}/`));
    const has = (images: Map<string, Image>): boolean =>
      [...images.values()].some((other) => manifestOf(other).blobs.some(({ digest }) => digest === wanted));
    return own.find(([, images]) => has(images))?.[0].slice(domain.length + 1);
  }

  async put(reference: Reference, image: Image): Promise<Manifest> {
    this.#keep(reference, image);
    return manifestOf(image);
  }

  async search(term: string, limit: number): Promise<readonly SearchResult[]> {
    const stocked = [...this.#stock.keys()].flatMap((key) =>
      key.startsWith(`${HUB}/`) ? [key.slice(HUB.length + 1)] : [],
    );
    const names = [...catalogNames(), ...stocked.map((name) => name.replace(/^library\//, ""))];
    const found = [...new Set(names)].filter((name) => name.includes(term)).slice(0, limit);
    return found.map((name, index) => ({
      name,
      description: catalogDescription(name),
      stars: Math.max(0, 1000 - 10 * index),
      isOfficial: !name.includes("/"),
    }));
  }

  #keep(reference: Reference, image: Image): void {
    const tags = this.#stock.get(keyOf(reference)) ?? new Map<string, Image>();
    tags.set(reference.tag ?? "latest", { ...image, tags: [], digests: [], parentId: "", lastTagged: undefined });
    this.#stock.set(keyOf(reference), tags);
  }

  #image(reference: Reference): Image | undefined {
    const stock = this.#stock.get(keyOf(reference));
    const { digest, tag = "latest" } = reference;
    if (digest !== undefined) {
      const all = [...(stock?.values() ?? []), this.#known(reference, "latest")];
      return all.find((image) => image !== undefined && manifestOf(image).digest === digest);
    }
    return stock?.get(tag) ?? this.#known(reference, tag);
  }

  #known(reference: Reference, tag: string): Image | undefined {
    const name = familiarName(reference);
    const known = reference.domain === HUB ? catalogImage(name, tag) : undefined;
    return known ?? (this.#script.hasAnyImage === true ? standIn(name, tag) : undefined);
  }

  #unknown(reference: Reference): ApiError {
    const hasRepository =
      reference.domain !== HUB || this.#stock.has(keyOf(reference)) || this.#known(reference, "latest") !== undefined;
    if (!hasRepository) return denied(reference, "denied: requested access to the resource is denied");
    return notFound(`manifest for ${familiarText(withLatest(reference))} not found: ${UNKNOWN}`);
  }

  #failureOf(reference: Reference): PullFailure | undefined {
    const { failures = {} } = this.#script;
    return failures[familiarText(withLatest(reference))] ?? failures[familiarName(reference)];
  }

  async login(address: string, credentials: Credentials): Promise<void> {
    const host = address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
    if (isWrong(this.#script.users?.[host], credentials)) {
      throw new ApiError(500, `login attempt to ${schemeOf(host)}://${host}/v2/ failed with status: 401 Unauthorized`);
    }
  }

  /** Measured: dockerd 20.10 with a registry of basic authentication. `page` is what it asked for first. */
  #check({ domain }: Reference, credentials: Credentials, page: string): void {
    const users = this.#script.users?.[domain];
    if (users === undefined) return;
    if ((credentials.username ?? "") === "") throw new ApiError(500, `${page}${NO_CREDENTIALS}`);
    if (isWrong(users, credentials)) throw new ApiError(500, WRONG_CREDENTIALS);
  }
}

function isWrong(
  users: Readonly<Record<string, string>> | undefined,
  { username = "", password }: Credentials,
): boolean {
  return users !== undefined && users[username] !== password;
}

function schemeOf(host: string): string {
  return /^(localhost|127\.)/.test(host) ? "http" : "https";
}

function addressOf({ domain, path }: Reference): string {
  return `${schemeOf(domain)}://${domain}/v2/${path}`;
}

function denied(reference: Reference, reason: string): ApiError {
  return notFound(
    `pull access denied for ${familiarName(reference)}, repository does not exist or may require 'docker login': ${reason}`,
  );
}

function failed({ status = 500, message }: PullFailure): ApiError {
  return new ApiError(status, message);
}

function keyOf({ domain, path }: Reference): string {
  return `${domain}/${path}`;
}

function madeOf({ files = {}, config = {}, isBare = false }: PullableImage): Image {
  const placed = Object.entries(files).map(([path, content]) => ({
    path,
    node: fileNode(content, 0, /^\/?(?:usr\/)?s?bin\//.test(path) ? 0o755 : 0o644),
  }));
  const base = isBare ? undefined : standIn("scripted", "latest").layers[0]?.root;
  return handMade(treeOf(placed, base ?? directoryNode(0)), { ...(isBare ? {} : { Cmd: ["sh"] }), ...config });
}
