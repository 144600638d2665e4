import { joinedBytes } from "../../../base/bytes.ts";
import type { Call } from "../../../session/call.ts";
import { fieldValue } from "../../../wire/head.ts";
import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import { selectSupportedParameters } from "../version/supported-parameters.ts";
import { QueryParameters } from "./query.ts";

/** What an endpoint is asked. */
export class ApiRequest {
  readonly operation: string;
  readonly api: ApiVersion;
  /** What this version hears of it. */
  readonly query: QueryParameters;
  /** Aborted when the client has closed its half, or is gone: what moby calls the request's context. */
  readonly signal: AbortSignal;
  readonly #call: Call;

  constructor(call: Call, api: ApiVersion) {
    this.#call = call;
    this.api = api;
    this.operation = call.operation.name;
    this.query = new QueryParameters(selectSupportedParameters(this.operation, api, call.operation.query));
    const leaving = new AbortController();
    void call.reader.ended.then(() => leaving.abort());
    this.signal = leaving.signal;
  }

  /** The one parameter in the path: a container, an image, an exec ... */
  get name(): string {
    return Object.values(this.#call.operation.params)[0] ?? "";
  }

  /** Resolves when the client is gone in both directions. */
  get gone(): Promise<void> {
    return this.#call.connection.closed;
  }

  get method(): string {
    return this.#call.head.method;
  }

  /**
   * A flag of the query's. While documents are all there is, only their words are understood: 1/True/true, 0/False/false.
   * @throws Refusal 400 for any other word then
   */
  getFlag(name: string, fallback = false): boolean {
    return this.api.isBygone
      ? (parseDocumentedFlag(this.query.get(name)) ?? fallback)
      : this.query.getFlag(name, fallback);
  }

  /** A number of the query's. What is none is a bad parameter while documents are all there is. @throws Refusal */
  getInteger(name: string): number | undefined {
    try {
      return this.query.getInteger(name);
    } catch (error) {
      throw this.api.isBygone && error instanceof ApiError ? badParameter(`Bad parameter: ${error.message}`) : error;
    }
  }

  getHeader(name: string): string | undefined {
    return fieldValue(this.#call.head.fields, name);
  }

  streamBody(): AsyncGenerator<Buffer> {
    // Somebody may have looked at it before: a replay that had no answer, a hook.
    return this.#call.wholeBody();
  }

  readBytes(): Promise<Buffer> {
    return joinedBytes(this.streamBody());
  }

  /**
   * The body as JSON; its type is the endpoint's to check.
   * @throws Refusal as moby complains: the type of content, no bytes, JSON that breaks off, JSON that is none
   */
  async readJson<T>(): Promise<T> {
    const bytes = await this.readBytes();
    if (bytes.length > 0 || this.getHeader("Content-Type") !== undefined) this.#checkContentType();
    if (bytes.length === 0) throw systemError("EOF");
    return parseJson(bytes.toString("utf8")) as T;
  }

  /** The body as JSON, or undefined where there is none. */
  async readOptionalJson<T>(): Promise<T | undefined> {
    const bytes = await this.readBytes();
    if (bytes.length === 0) return undefined;
    this.#checkContentType();
    return parseJson(bytes.toString("utf8")) as T;
  }

  /** moby api/server/httputils/httputils.go, CheckForJSON. */
  #checkContentType(): void {
    const type = this.getHeader("Content-Type") ?? "";
    if (/^application\/json\s*(;|$)/i.test(type.trim())) return;
    throw badParameter(`Content-Type specified (${type}) must be 'application/json'`);
  }
}

function parseDocumentedFlag(text: string): boolean | undefined {
  if (text === "") return undefined;
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw badParameter(`Bad parameter: ${JSON.stringify(text)} is neither true nor false`);
}

/** The first JSON value of `text`: Go's decoder does not look at what follows it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw systemError(describeJsonError(text, error as Error));
  }
}

function describeJsonError(text: string, error: Error): string {
  const at = Number(/position (\d+)/.exec(error.message)?.[1] ?? 0);
  if (/end of JSON|Unterminated/.test(error.message) || at >= text.length) return "unexpected EOF";
  const character = text[at] ?? "";
  return `invalid character '${character}' looking for beginning of value`;
}
