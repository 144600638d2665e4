/** Registries as data: which images can be pulled, with which passwords, and what fails. */

import { createDirectoryNode, createFileNode } from "../../userland/files/node.ts";
import { buildTree } from "../../userland/files/tree.ts";
import { createSingleLayerImage } from "../images/builtin-images.ts";
import { ApiError, notFound } from "../model/api-error.ts";
import type { SentConfig } from "../model/container-config.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Image } from "../model/image.ts";
import {
  HUB,
  type ImageReference,
  parseReference,
  toFamiliarName,
  toFamiliarText,
  toFullName,
  withLatest,
} from "../model/image-reference.ts";
import { createStandIn, findCatalogImage, getCatalogDescription, listCatalogNames } from "./catalog.ts";
import { type ImageRegistry, type RegistryImage, type SearchResult, toRegistryHost } from "./image-registry.ts";
import { createManifest, type ImageManifest } from "./manifest.ts";

export interface PullableImage {
  /** Files by absolute path, over those of a busybox unless `isBare`. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `Cmd`, `Env`, `ExposedPorts` ... */
  readonly config?: SentConfig;
  /** The image has only `files`. */
  readonly isBare?: boolean;
}

export interface PullFailure {
  /** @default 500 */
  readonly status?: number;
  readonly message: string;
  /** The stream fails after this number of layers. Without it, there is no stream. */
  readonly afterLayers?: number;
}

export interface RegistryScript {
  /** Images besides the catalog, by name: `shop/web:2`, `127.0.0.1:5000/tide`. */
  readonly images?: Readonly<Record<string, PullableImage>>;
  /** Any unknown image can be pulled, as a busybox. */
  readonly hasAnyImage?: boolean;
  /** The delay of each message of a layer, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /** Passwords by registry (`127.0.0.1:5000`) and user. Other registries need no password. */
  readonly users?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Failures by an image's name, with or without a tag. */
  readonly failures?: Readonly<Record<string, PullFailure>>;
}

const NO_CREDENTIALS = "no basic auth credentials";
const WRONG_CREDENTIALS = "unauthorized: authentication required";
const UNKNOWN = "manifest unknown: manifest unknown";

export class ScriptedRegistry implements ImageRegistry {
  readonly #script: RegistryScript;
  /** By `domain/path`, then by tag. */
  readonly #stock = new Map<string, Map<string, Image>>();

  /** @throws ApiError 400 for an invalid name */
  constructor(script: RegistryScript = {}) {
    this.#script = script;
    for (const [name, image] of Object.entries(script.images ?? {}))
      this.#store(parseReference(name), createPullable(image));
  }

  async find(reference: ImageReference, credentials: Credentials): Promise<RegistryImage> {
    const page = `Head "${formatUrl(reference)}/manifests/${reference.digest ?? reference.tag ?? "latest"}": `;
    this.#checkCredentials(reference, credentials, page);
    const failure = this.#findFailure(reference);
    if (failure !== undefined && failure.afterLayers === undefined) throw toApiError(failure);
    const image = this.#findImage(reference) ?? (failure && createStandIn(toFamiliarName(reference), "latest"));
    if (image === undefined) throw this.#createUnknownError(reference);
    const breaksAfter =
      failure?.afterLayers === undefined
        ? {}
        : { breaksAfter: { layers: failure.afterLayers, message: failure.message } };
    return { image, manifest: createManifest(image), delayMs: this.#script.delayMs ?? 0, ...breaksAfter };
  }

  async listTags(reference: ImageReference, credentials: Credentials): Promise<readonly string[]> {
    this.#checkCredentials(reference, credentials, `Get "${formatUrl(reference)}/tags/list": `);
    const failure = this.#findFailure(reference);
    if (failure !== undefined) throw toApiError(failure);
    const tags = [...(this.#stock.get(toFullName(reference))?.keys() ?? [])];
    const all = tags.length === 0 && this.#findImage(withLatest(reference)) !== undefined ? ["latest"] : tags;
    if (all.length === 0) throw this.#createUnknownError(reference);
    return all.sort();
  }

  async authorizePush(reference: ImageReference, credentials: Credentials): Promise<void> {
    this.#checkCredentials(reference, credentials, "");
    const failure = this.#findFailure(reference);
    if (failure !== undefined) throw toApiError(failure);
    // Only Docker's own staff may push to `library`.
    if (reference.domain === HUB && reference.path.startsWith("library/")) {
      throw new ApiError(500, "denied: requested access to the resource is denied");
    }
  }

  async findLayer({ domain }: ImageReference, image: Image, layer: number): Promise<string | undefined> {
    const blob = createManifest(image).blobs[layer]?.digest;
    const own = [...this.#stock].filter(([key]) => key.startsWith(`${domain}/`));
    const hasBlob = (images: Map<string, Image>): boolean =>
      [...images.values()].some((other) => createManifest(other).blobs.some(({ digest }) => digest === blob));
    return own.find(([, images]) => hasBlob(images))?.[0].slice(domain.length + 1);
  }

  async put(reference: ImageReference, image: Image): Promise<ImageManifest> {
    this.#store(reference, image);
    return createManifest(image);
  }

  async search(term: string, limit: number): Promise<readonly SearchResult[]> {
    const own = [...this.#stock.keys()].flatMap((key) =>
      key.startsWith(`${HUB}/`) ? [key.slice(HUB.length + 1)] : [],
    );
    const names = [...listCatalogNames(), ...own.map((name) => name.replace(/^library\//, ""))];
    const matches = [...new Set(names)].filter((name) => name.includes(term)).slice(0, limit);
    return matches.map((name, index) => ({
      name,
      description: getCatalogDescription(name),
      stars: Math.max(0, 1000 - 10 * index),
      isOfficial: !name.includes("/"),
    }));
  }

  #store(reference: ImageReference, image: Image): void {
    const tags = this.#stock.get(toFullName(reference)) ?? new Map<string, Image>();
    tags.set(reference.tag ?? "latest", { ...image, tags: [], digests: [], parentId: "", lastTagged: undefined });
    this.#stock.set(toFullName(reference), tags);
  }

  #findImage(reference: ImageReference): Image | undefined {
    const stock = this.#stock.get(toFullName(reference));
    const { digest, tag = "latest" } = reference;
    if (digest !== undefined) {
      const all = [...(stock?.values() ?? []), this.#findUnstored(reference, "latest")];
      return all.find((image) => image !== undefined && createManifest(image).digest === digest);
    }
    return stock?.get(tag) ?? this.#findUnstored(reference, tag);
  }

  #findUnstored(reference: ImageReference, tag: string): Image | undefined {
    const name = toFamiliarName(reference);
    const known = reference.domain === HUB ? findCatalogImage(name, tag) : undefined;
    return known ?? (this.#script.hasAnyImage === true ? createStandIn(name, tag) : undefined);
  }

  #createUnknownError(reference: ImageReference): ApiError {
    const hasRepository =
      reference.domain !== HUB ||
      this.#stock.has(toFullName(reference)) ||
      this.#findUnstored(reference, "latest") !== undefined;
    if (!hasRepository) return createAccessError(reference, "denied: requested access to the resource is denied");
    return notFound(`manifest for ${toFamiliarText(withLatest(reference))} not found: ${UNKNOWN}`);
  }

  #findFailure(reference: ImageReference): PullFailure | undefined {
    const { failures = {} } = this.#script;
    return failures[toFamiliarText(withLatest(reference))] ?? failures[toFamiliarName(reference)];
  }

  async logIn(address: string, credentials: Credentials): Promise<void> {
    const host = toRegistryHost(address);
    if (isWrongPassword(this.#script.users?.[host], credentials)) {
      throw new ApiError(
        500,
        `login attempt to ${chooseScheme(host)}://${host}/v2/ failed with status: 401 Unauthorized`,
      );
    }
  }

  /**
   * Measured with dockerd 20.10 and a registry with basic authentication.
   * @param page the request that fails first, as the message shows it
   */
  #checkCredentials({ domain }: ImageReference, credentials: Credentials, page: string): void {
    const users = this.#script.users?.[domain];
    if (users === undefined) return;
    if ((credentials.username ?? "") === "") throw new ApiError(500, `${page}${NO_CREDENTIALS}`);
    if (isWrongPassword(users, credentials)) throw new ApiError(500, WRONG_CREDENTIALS);
  }
}

function isWrongPassword(
  users: Readonly<Record<string, string>> | undefined,
  { username = "", password }: Credentials,
): boolean {
  if (users === undefined) return false;
  return !Object.hasOwn(users, username) || users[username] !== password;
}

function chooseScheme(host: string): string {
  return /^(localhost|127\.)/.test(host) ? "http" : "https";
}

function formatUrl({ domain, path }: ImageReference): string {
  return `${chooseScheme(domain)}://${domain}/v2/${path}`;
}

function createAccessError(reference: ImageReference, reason: string): ApiError {
  return notFound(
    `pull access denied for ${toFamiliarName(reference)}, repository does not exist or may require 'docker login': ${reason}`,
  );
}

function toApiError({ status = 500, message }: PullFailure): ApiError {
  return new ApiError(status, message);
}

function createPullable({ files = {}, config = {}, isBare = false }: PullableImage): Image {
  const nodes = Object.entries(files).map(([path, content]) => ({
    path,
    node: createFileNode(content, 0, /^\/?(?:usr\/)?s?bin\//.test(path) ? 0o755 : 0o644),
  }));
  const base = isBare ? undefined : createStandIn("scripted", "latest").layers[0]?.root;
  return createSingleLayerImage(buildTree(nodes, base ?? createDirectoryNode(0)), {
    ...(isBare ? {} : { Cmd: ["sh"] }),
    ...config,
  });
}
