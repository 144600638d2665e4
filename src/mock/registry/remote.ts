/** A registry that exists, spoken to with the distribution API; the exchange itself is for who may do I/O. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { decompressed } from "../../userland/files/decompress.ts";
import { imageFrom } from "../images/configuration.ts";
import { archiveOf, digestOf, layerFromTar } from "../images/layers.ts";
import { ApiError, notFound } from "../model/api-error.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Image, Layer } from "../model/image.ts";
import { readTar } from "../model/read-tar.ts";
import { familiarText, type Reference, withLatest } from "../model/reference.ts";
import { type Blob, MANIFEST_TYPE, type Manifest, manifestBytes } from "./manifest.ts";
import type { Offer, Registry, SearchResult } from "./registry.ts";

export interface Exchange {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** One exchange with a registry, such as `127.0.0.1:5000`; `path` begins with `/v2/`. */
export type Reach = (
  host: string,
  method: string,
  path: string,
  more: { readonly headers: Readonly<Record<string, string>>; readonly body?: Buffer },
) => Promise<Exchange>;

interface WrittenManifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly Blob[];
}

const zipped = promisify(gzip);

export class RemoteRegistry implements Registry {
  readonly #reach: Reach;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  async find(reference: Reference, credentials: Credentials): Promise<Offer> {
    const page = `manifests/${reference.digest ?? reference.tag ?? "latest"}`;
    const found = await this.#ask(reference, "GET", page, credentials, { Accept: MANIFEST_TYPE });
    if (found.status === 404) {
      throw notFound(
        `manifest for ${familiarText(withLatest(reference))} not found: manifest unknown: manifest unknown`,
      );
    }
    const written = JSON.parse(found.body.toString("utf8")) as WrittenManifest;
    const blob = async (digest: string): Promise<Buffer> =>
      (await this.#ask(reference, "GET", `blobs/${digest}`, credentials)).body;
    const layers: Layer[] = [];
    for (const { digest } of written.layers) {
      const archive = await decompressed(await blob(digest));
      layers.push(layerFromTar(archive, await readTar(once(archive)), layers.at(-1)));
    }
    const image = imageFrom(await blob(written.config.digest), layers);
    const manifest = { digest: digestOf(found.body), size: found.body.length, blobs: written.layers };
    return { image, manifest, delayMs: 0 };
  }

  async tags(reference: Reference, credentials: Credentials): Promise<readonly string[]> {
    const { status, body } = await this.#ask(reference, "GET", "tags/list", credentials);
    if (status === 404) throw notFound("name unknown: repository name not known to registry");
    return [...((JSON.parse(body.toString("utf8")) as { tags: string[] | null }).tags ?? [])].sort();
  }

  async admit(reference: Reference, credentials: Credentials): Promise<void> {
    await this.#ask(reference, "HEAD", `blobs/${digestOf(Buffer.alloc(0))}`, credentials, {}, undefined, "");
  }

  async holds(
    reference: Reference,
    image: Image,
    index: number,
    credentials: Credentials,
  ): Promise<string | undefined> {
    const { digest } = await blobOf(image, index);
    const { status } = await this.#ask(reference, "HEAD", `blobs/${digest}`, credentials);
    return status === 200 ? reference.path : undefined;
  }

  async put(reference: Reference, image: Image, credentials: Credentials): Promise<Manifest> {
    const blobs = await Promise.all(image.layers.map((_, index) => blobOf(image, index)));
    for (const { bytes, digest } of blobs) await this.#upload(reference, bytes, digest, credentials);
    await this.#upload(reference, image.bytes, image.id, credentials);
    const text = manifestBytes(image, blobs);
    const page = `manifests/${reference.tag ?? "latest"}`;
    await this.#ask(reference, "PUT", page, credentials, { "Content-Type": MANIFEST_TYPE }, text);
    return { digest: digestOf(text), size: text.length, blobs };
  }

  async login(address: string, credentials: Credentials): Promise<void> {
    const host = address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
    const { status } = await this.#reach(host, "GET", "/v2/", { headers: basic(credentials) });
    if (status === 401)
      throw new ApiError(500, `login attempt to http://${host}/v2/ failed with status: 401 Unauthorized`);
  }

  async search(): Promise<readonly SearchResult[]> {
    throw new ApiError(500, "Unexpected status code 404");
  }

  async #upload(reference: Reference, bytes: Buffer, digest: string, credentials: Credentials): Promise<void> {
    const begun = await this.#ask(reference, "POST", "blobs/uploads/", credentials);
    const location = (begun.headers.location ?? "").replace(/^https?:\/\/[^/]+/, "");
    const separator = location.includes("?") ? "&" : "?";
    const headers = { ...basic(credentials), "Content-Type": "application/octet-stream" };
    const sent = await this.#reach(reference.domain, "PUT", `${location}${separator}digest=${digest}`, {
      headers,
      body: bytes,
    });
    if (sent.status !== 201) throw new ApiError(500, `received unexpected HTTP status: ${sent.status}`);
  }

  /** What the daemon says of a registry that wants a password: as measured with dockerd 20.10. */
  async #ask(
    { domain, path }: Reference,
    method: string,
    page: string,
    credentials: Credentials,
    headers: Readonly<Record<string, string>> = {},
    body?: Buffer,
    prefix = `${page.startsWith("manifests") ? "Head" : "Get"} "http://${domain}/v2/${path}/${page}": `,
  ): Promise<Exchange> {
    const all = { ...basic(credentials), ...headers };
    const more = body === undefined ? { headers: all } : { headers: all, body };
    const answer = await this.#reach(domain, method, `/v2/${path}/${page}`, more);
    if (answer.status !== 401) return answer;
    const isAnonymous = (credentials.username ?? "") === "";
    throw new ApiError(
      500,
      isAnonymous ? `${prefix}no basic auth credentials` : "unauthorized: authentication required",
    );
  }
}

function basic({ username = "", password = "" }: Credentials): Record<string, string> {
  if (username === "") return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

async function blobOf({ layers }: Image, index: number): Promise<Blob & { readonly bytes: Buffer }> {
  const bytes = await zipped(archiveOf(layers[index] as Layer, layers[index - 1]));
  return { bytes, digest: digestOf(bytes), size: bytes.length };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
