/** A client of one repository of a registry (OCI Distribution Specification 1.1). */
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError, UsageError } from "../../base/errors.ts";
import { quoteForMessage } from "../../wire/quote.ts";
import { type ArtifactReference, isLoopback } from "./artifact-reference.ts";
import type { RegistryUser } from "./read-credentials.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
/** Pieces of an upload, in bytes: what is in memory at one time. */
const UPLOAD_PIECE = 8 * 1024 * 1024;
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** A blob to upload. */
export interface BlobSource {
  readonly digest: string;
  readonly size: number;
  pieces(size: number): AsyncIterable<Buffer>;
}

interface RegistryRequest {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Statuses that are no error. @default 200 */
  readonly expected?: readonly number[];
}

/** Speaks to the repository of a reference. */
export class RegistryClient {
  readonly #reference: ArtifactReference;
  readonly #user: RegistryUser | undefined;
  #authorization: string | undefined;

  constructor(reference: ArtifactReference, user: RegistryUser | undefined) {
    this.#reference = reference;
    this.#user = user;
  }

  /** The manifest's bytes. @throws UsageError `WHALESONG_NO_SUCH_ARTIFACT` */
  async getManifest(): Promise<Buffer> {
    const path = `manifests/${this.#reference.version}`;
    const response = await this.#send(path, { headers: { Accept: MANIFEST_TYPE }, expected: [200, 404] });
    if (response.status === 404) throw this.#createMissingError();
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length > LARGEST_MANIFEST) throw this.#createProtocolError(`its manifest has ${bytes.length} bytes`);
    return bytes;
  }

  async putManifest(bytes: Buffer): Promise<void> {
    const headers = { "Content-Type": MANIFEST_TYPE };
    const request = { method: "PUT", headers, body: bytes, expected: [201] } as const;
    await drain(await this.#send(`manifests/${this.#reference.version}`, request));
  }

  /** The bytes of a blob, unchecked: the digest is known at their end. */
  async openBlob(digest: string): Promise<AsyncIterable<Uint8Array>> {
    const { body } = await this.#send(`blobs/${digest}`, {});
    if (body === null) throw this.#createProtocolError(`it sends no body for \`${digest}\``);
    return body as unknown as AsyncIterable<Uint8Array>;
  }

  /** Returns false if the registry has it already. */
  async uploadBlob(source: BlobSource): Promise<boolean> {
    const known = await this.#send(`blobs/${source.digest}`, { method: "HEAD", expected: [200, 404] });
    if (known.status === 200) return false;
    let place = await this.#startUpload();
    let offset = 0;
    for await (const piece of source.pieces(UPLOAD_PIECE)) {
      place = await this.#sendPiece(place, piece, offset);
      offset += piece.length;
    }
    place.searchParams.set("digest", source.digest);
    await drain(await this.#send(place, { method: "PUT", body: Buffer.alloc(0), expected: [201] }));
    return true;
  }

  async #startUpload(): Promise<URL> {
    return this.#readPlace(
      await this.#send("blobs/uploads/", { method: "POST", body: Buffer.alloc(0), expected: [202] }),
    );
  }

  async #sendPiece(place: URL, piece: Buffer, offset: number): Promise<URL> {
    const headers = {
      "Content-Type": "application/octet-stream",
      "Content-Range": `${offset}-${offset + piece.length - 1}`,
    };
    return this.#readPlace(await this.#send(place, { method: "PATCH", headers, body: piece, expected: [202] }));
  }

  /** Where the upload goes on. Another host would get the credentials. */
  #readPlace(response: Response): URL {
    const { origin } = this.#reference;
    const place = new URL(response.headers.get("Location") ?? "", origin);
    if (place.origin === new URL(origin).origin) return place;
    throw this.#createProtocolError(`it sends uploads to another host, \`${place.origin}\``);
  }

  async #send(path: string | URL, request: RegistryRequest): Promise<Response> {
    const url =
      typeof path === "string" ? new URL(`${this.#reference.origin}/v2/${this.#reference.name}/${path}`) : path;
    let response = await this.#fetch(url, request);
    if (response.status === 401) {
      await drain(response);
      this.#authorization = await this.#authorize(response.headers.get("WWW-Authenticate") ?? "");
      response = await this.#fetch(url, request);
    }
    if ((request.expected ?? [200]).includes(response.status)) return response;
    throw await this.#createStatusError(url, request, response);
  }

  async #fetch(url: URL, { method = "GET", headers = {}, body }: RegistryRequest): Promise<Response> {
    const authorization = this.#authorization === undefined ? {} : { Authorization: this.#authorization };
    try {
      return await fetch(url, {
        method,
        headers: { ...headers, ...authorization },
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      throw this.#createError("WHALESONG_REGISTRY", `it cannot be reached: ${toErrorMessage(cause)}`, cause);
    }
  }

  /** Answers a challenge (RFC 7235; distribution: spec/auth/token.md). Returns the value of `Authorization`. */
  async #authorize(challenge: string): Promise<string> {
    const user = this.#user === undefined ? undefined : encodeBasic(this.#user);
    if (/^basic\b/i.test(challenge) && user !== undefined) return user;
    const parameters = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value]) => [name.toLowerCase(), value]),
    );
    if (!/^bearer\b/i.test(challenge) || parameters.realm === undefined) throw this.#createLoginError();
    return `Bearer ${await this.#fetchToken(new URL(parameters.realm), parameters, user)}`;
  }

  async #fetchToken(
    realm: URL,
    parameters: Record<string, string | undefined>,
    user: string | undefined,
  ): Promise<string> {
    if (realm.protocol !== "https:" && !isLoopback(realm.host))
      throw this.#createProtocolError(`it asks to log in over plain HTTP, at \`${realm.origin}\``);
    if (parameters.service !== undefined) realm.searchParams.set("service", parameters.service);
    realm.searchParams.set("scope", parameters.scope ?? `repository:${this.#reference.name}:pull,push`);
    const response = await fetch(realm, { headers: user === undefined ? {} : { Authorization: user } });
    if (response.status === 401 || response.status === 403) throw this.#createLoginError();
    const { token, access_token: access } = (await response.json()) as { token?: string; access_token?: string };
    return token ?? access ?? "";
  }

  async #createStatusError(url: URL, { method = "GET" }: RegistryRequest, response: Response): Promise<Error> {
    if (response.status === 401 || response.status === 403) return this.#createLoginError();
    const quoted = quoteForMessage((await response.text()).trim(), 200);
    return this.#createProtocolError(`it answers \`${method} ${url.pathname}\` with ${response.status}: ${quoted}`);
  }

  #createLoginError(): UsageError {
    const { host, name } = this.#reference;
    const message = `the registry \`${host}\` does not let this user read or write \`${name}\`; log in with \`docker login ${host}\``;
    return new UsageError("WHALESONG_REGISTRY_LOGIN", message, { fields: { host, name } });
  }

  #createMissingError(): UsageError {
    const { host, name, version } = this.#reference;
    const message = `the registry \`${host}\` has no \`${name}\` of the version \`${version}\`; check the spelling, or push it first`;
    return new UsageError("WHALESONG_NO_SUCH_ARTIFACT", message, { fields: { host, name, version } });
  }

  #createProtocolError(why: string): EnvironmentError {
    return this.#createError("WHALESONG_REGISTRY", why);
  }

  #createError(code: string, why: string, cause?: unknown): EnvironmentError {
    const { host } = this.#reference;
    const message = `cannot use the registry \`${host}\`: ${why}; check its address and its log`;
    return new EnvironmentError(code, message, { fields: { host }, ...(cause === undefined ? {} : { cause }) });
  }
}

function encodeBasic({ name, password }: RegistryUser): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

/** A connection is used again only once its response was read. */
async function drain(response: Response): Promise<void> {
  await response.arrayBuffer();
}
