import { joinBytes } from "../../../base/bytes.ts";
import { WireError } from "../../../base/errors.ts";
import type { Call } from "../../../session/call.ts";
import { findFieldValue } from "../../../wire/http/head.ts";
import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import { type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";
import { selectSupportedParameters } from "../version/supported-parameters.ts";
import { parseGoJson } from "./go-json-error.ts";
import { QueryParameters } from "./query.ts";

/** What dockerd 28 puts before the errors of a body. */
export const INVALID_JSON = "invalid JSON: ";

/** In bytes. dockerd keeps what it is sent; no client sends so much JSON. */
const JSON_LIMIT = 16 * 1024 * 1024;
/** Go's words (net/http/internal/chunked.go, io). */
const BODY_ERRORS: Readonly<Record<string, string>> = {
  WHALESONG_BAD_CHUNK: "malformed chunked encoding",
  WHALESONG_TRUNCATED_BODY: "unexpected EOF",
};

/** A request as an endpoint reads it. */
export class ApiRequest {
  readonly operation: string;
  readonly api: ApiVersion;
  /** The release whose responses the client gets. In old versions it is not that of the engine. */
  readonly release: EngineRelease;
  /** The parameters that the client's version supports. */
  readonly query: QueryParameters;
  /** Aborted when the client closes its half or disconnects, as the context of moby's request is. */
  readonly signal: AbortSignal;
  readonly #call: Call;

  constructor(call: Call, api: ApiVersion, release: EngineRelease) {
    this.#call = call;
    this.api = api;
    this.release = release;
    this.operation = call.operation.name;
    this.query = new QueryParameters(selectSupportedParameters(this.operation, api, call.operation.query), release);
    const leaving = new AbortController();
    void call.reader.ended.then(() => leaving.abort());
    this.signal = leaving.signal;
  }

  /** The parameter in the path: a container, an image, an exec. Empty if the path has none. */
  get name(): string {
    return Object.values(this.#call.operation.params)[0] ?? "";
  }

  /** Resolves when the connection is closed in both directions. */
  get whenClosed(): Promise<void> {
    return this.#call.connection.closed;
  }

  get method(): string {
    return this.#call.head.method;
  }

  /**
   * Reads a flag of the query. Before 1.12 only the words of the documents count: 1/True/true, 0/False/false.
   * @throws ApiError 400 for any other word then
   */
  getFlag(name: string, fallback = false): boolean {
    return this.api.isLegacy
      ? (parseDocumentedFlag(this.query.get(name)) ?? fallback)
      : this.query.getFlag(name, fallback);
  }

  /** Reads a number of the query. @throws ApiError if it is not a number: 400 before 1.12, else 500 */
  getInteger(name: string): number | undefined {
    try {
      return this.query.getInteger(name);
    } catch (error) {
      throw this.api.isLegacy && error instanceof ApiError ? badParameter(`Bad parameter: ${error.message}`) : error;
    }
  }

  getHeader(name: string): string | undefined {
    return findFieldValue(this.#call.head.fields, name);
  }

  /** @throws ApiError with Go's words for a body that breaks off, or whose chunks are broken */
  async *streamBody(): AsyncGenerator<Buffer> {
    try {
      // A replay without an answer, or a hook, may have read the body already.
      yield* this.#call.readWholeBody();
    } catch (error) {
      throw error instanceof WireError ? systemError(BODY_ERRORS[error.code] ?? error.message) : error;
    }
  }

  readBytes(): Promise<Buffer> {
    return joinBytes(this.streamBody());
  }

  /**
   * Reads the body as JSON. The endpoint checks its type.
   * @throws ApiError 400 for another content type, 500 (28: 400) for an empty body or invalid JSON
   */
  async readJson<T>(): Promise<T> {
    const bytes = await this.#readJsonBytes();
    if (bytes.length > 0 || this.getHeader("Content-Type") !== undefined) this.#checkContentType();
    if (bytes.length > 0) return this.#parseJson(bytes) as T;
    throw this.#isOld ? systemError("EOF") : badParameter(`${INVALID_JSON}got EOF while reading request body`);
  }

  /** Reads the body as JSON, or returns undefined if it is empty. @throws ApiError as `readJson` */
  async readOptionalJson<T>(): Promise<T | undefined> {
    const bytes = await this.#readJsonBytes();
    if (bytes.length === 0) return undefined;
    this.#checkContentType();
    return this.#parseJson(bytes) as T;
  }

  /** What is longer is not kept, only read to its end. */
  async #readJsonBytes(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of this.streamBody()) {
        size += piece.length;
        if (size <= JSON_LIMIT) pieces.push(piece);
        else pieces.length = 0;
      }
    } catch (error) {
      if (this.#isOld || !(error instanceof ApiError)) throw error;
      throw badParameter(`${INVALID_JSON}${error.message}`);
    }
    if (size > JSON_LIMIT) throw new ApiError(413, "http: request body too large");
    return Buffer.concat(pieces);
  }

  get #isOld(): boolean {
    return isOlderEngine(this.release, "28");
  }

  /** dockerd 28 takes nothing behind the value. 20.10 ignores it (moby api/server/httputils, ReadJSON). */
  #parseJson(bytes: Buffer): unknown {
    const text = bytes.toString("utf8");
    if (this.#isOld) return parseGoJson(text).value;
    const { value, rest } = this.#withJsonPrefix(() => parseGoJson(text));
    if (rest.trim() !== "") throw badParameter("unexpected content after JSON");
    return value;
  }

  #withJsonPrefix<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      throw error instanceof ApiError ? badParameter(`${INVALID_JSON}${error.message}`) : error;
    }
  }

  /** From moby api/server/httputils/httputils.go, CheckForJSON. */
  #checkContentType(): void {
    const type = this.getHeader("Content-Type") ?? "";
    if (/^application\/json\s*(;|$)/i.test(type.trim())) return;
    if (this.#isOld) throw badParameter(`Content-Type specified (${type}) must be 'application/json'`);
    const isMalformed = type.trim() === "";
    throw badParameter(
      isMalformed
        ? `malformed Content-Type header (${type}): mime: no media type`
        : `unsupported Content-Type header (${type}): must be 'application/json'`,
    );
  }
}

function parseDocumentedFlag(text: string): boolean | undefined {
  if (text === "") return undefined;
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw badParameter(`Bad parameter: ${JSON.stringify(text)} is neither true nor false`);
}
