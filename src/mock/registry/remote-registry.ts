/** A real registry, over the distribution API. The caller brings the transport, as the mock does no I/O. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { parseImage } from "../images/image-configuration.ts";
import { createLayerFromTar, packLayer, toDigest } from "../images/layers.ts";
import { ApiError, notFound } from "../model/api-error.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Image, Layer } from "../model/image.ts";
import { type ImageReference, toFamiliarText, withLatest } from "../model/image-reference.ts";
import { readTar } from "../model/read-tar.ts";
import { unpack } from "../model/unpack.ts";
import { type ImageRegistry, type RegistryImage, type SearchResult, toRegistryHost } from "./image-registry.ts";
import { encodeManifest, type ImageManifest, MANIFEST_TYPE, type ManifestBlob } from "./manifest.ts";

/** A response of the registry. */
export interface RegistryResponse {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Sends one request to a registry such as `127.0.0.1:5000`. The path begins with `/v2/`. */
export type RegistryTransport = (
  host: string,
  method: string,
  path: string,
  more: { readonly headers: Readonly<Record<string, string>>; readonly body?: Buffer },
) => Promise<RegistryResponse>;

interface ManifestJson {
  readonly config: { readonly digest: string };
  readonly layers: readonly ManifestBlob[];
}

const compress = promisify(gzip);

export class RemoteRegistry implements ImageRegistry {
  readonly #transport: RegistryTransport;

  constructor(reach: RegistryTransport) {
    this.#transport = reach;
  }

  async find(reference: ImageReference, credentials: Credentials): Promise<RegistryImage> {
    const page = `manifests/${reference.digest ?? reference.tag ?? "latest"}`;
    const response = await this.#request(reference, "GET", page, credentials, { Accept: MANIFEST_TYPE });
    if (response.status === 404) {
      throw notFound(
        `manifest for ${toFamiliarText(withLatest(reference))} not found: manifest unknown: manifest unknown`,
      );
    }
    const manifestJson = JSON.parse(response.body.toString("utf8")) as ManifestJson;
    const fetchBlob = async (digest: string): Promise<Buffer> =>
      (await this.#request(reference, "GET", `blobs/${digest}`, credentials)).body;
    const layers: Layer[] = [];
    for (const { digest } of manifestJson.layers) {
      const archive = await unpack(await fetchBlob(digest));
      layers.push(createLayerFromTar(archive, await readTar(archive), layers.at(-1)));
    }
    const image = parseImage(await fetchBlob(manifestJson.config.digest), layers);
    const manifest = { digest: toDigest(response.body), size: response.body.length, blobs: manifestJson.layers };
    return { image, manifest, delayMs: 0 };
  }

  async listTags(reference: ImageReference, credentials: Credentials): Promise<readonly string[]> {
    const { status, body } = await this.#request(reference, "GET", "tags/list", credentials);
    if (status === 404) throw notFound("name unknown: repository name not known to registry");
    return [...((JSON.parse(body.toString("utf8")) as { tags: string[] | null }).tags ?? [])].sort();
  }

  async authorizePush(reference: ImageReference, credentials: Credentials): Promise<void> {
    await this.#request(reference, "HEAD", `blobs/${toDigest(Buffer.alloc(0))}`, credentials, {}, undefined, "");
  }

  async findLayer(
    reference: ImageReference,
    image: Image,
    index: number,
    credentials: Credentials,
  ): Promise<string | undefined> {
    const { digest } = await packBlob(image, index);
    const { status } = await this.#request(reference, "HEAD", `blobs/${digest}`, credentials);
    return status === 200 ? reference.path : undefined;
  }

  async put(reference: ImageReference, image: Image, credentials: Credentials): Promise<ImageManifest> {
    const blobs = await Promise.all(image.layers.map((_, index) => packBlob(image, index)));
    for (const { bytes, digest } of blobs) await this.#upload(reference, bytes, digest, credentials);
    await this.#upload(reference, image.bytes, image.id, credentials);
    const text = encodeManifest(image, blobs);
    const page = `manifests/${reference.tag ?? "latest"}`;
    await this.#request(reference, "PUT", page, credentials, { "Content-Type": MANIFEST_TYPE }, text);
    return { digest: toDigest(text), size: text.length, blobs };
  }

  async logIn(address: string, credentials: Credentials): Promise<void> {
    const host = toRegistryHost(address);
    const { status } = await this.#transport(host, "GET", "/v2/", { headers: toAuthorization(credentials) });
    if (status === 401)
      throw new ApiError(500, `login attempt to http://${host}/v2/ failed with status: 401 Unauthorized`);
  }

  async search(): Promise<readonly SearchResult[]> {
    throw new ApiError(500, "Unexpected status code 404");
  }

  async #upload(reference: ImageReference, bytes: Buffer, digest: string, credentials: Credentials): Promise<void> {
    const session = await this.#request(reference, "POST", "blobs/uploads/", credentials);
    const location = (session.headers.location ?? "").replace(/^https?:\/\/[^/]+/, "");
    const separator = location.includes("?") ? "&" : "?";
    const headers = { ...toAuthorization(credentials), "Content-Type": "application/octet-stream" };
    const response = await this.#transport(reference.domain, "PUT", `${location}${separator}digest=${digest}`, {
      headers,
      body: bytes,
    });
    if (response.status !== 201) throw new ApiError(500, `received unexpected HTTP status: ${response.status}`);
  }

  /** @throws ApiError 500 for a 401, with the message measured with dockerd 20.10 */
  async #request(
    { domain, path }: ImageReference,
    method: string,
    page: string,
    credentials: Credentials,
    headers: Readonly<Record<string, string>> = {},
    body?: Buffer,
    prefix = `${page.startsWith("manifests") ? "Head" : "Get"} "http://${domain}/v2/${path}/${page}": `,
  ): Promise<RegistryResponse> {
    const all = { ...toAuthorization(credentials), ...headers };
    const more = body === undefined ? { headers: all } : { headers: all, body };
    const response = await this.#transport(domain, method, `/v2/${path}/${page}`, more);
    if (response.status !== 401) return response;
    const isAnonymous = (credentials.username ?? "") === "";
    throw new ApiError(
      500,
      isAnonymous ? `${prefix}no basic auth credentials` : "unauthorized: authentication required",
    );
  }
}

function toAuthorization({ username = "", password = "" }: Credentials): Record<string, string> {
  if (username === "") return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

async function packBlob({ layers }: Image, index: number): Promise<ManifestBlob & { readonly bytes: Buffer }> {
  const bytes = await compress(packLayer(layers[index] as Layer, layers[index - 1]));
  return { bytes, digest: toDigest(bytes), size: bytes.length };
}
