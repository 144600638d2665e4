/**
 * `whalesong/nock`: cassettes as scopes of nock 14 and 15. docs/msw-and-nock.md lists what nock supports.
 */
import { Readable } from "node:stream";
import importedNock from "nock";
import type { CassettePlayback, PlaybackOptions } from "./cassette-playback.ts";
import type { MockedRequest, MockedResponse } from "./in-memory-request.ts";
import { createPlayback, UsageError } from "./shared.ts";
import type { MockLibrary } from "./unsupported-exchanges.ts";

export type { CassettePlayback, PlaybackOptions } from "./cassette-playback.ts";

/** nock's scopes, which last until `nock.cleanAll()`, with the report of the replay. */
export type CassetteScopes = readonly importedNock.Scope[] & CassettePlayback;

const NOCK: MockLibrary = { name: "nock", owner: "createScopes", buffersHeads: true };
/** `require` of nock 15, which is an ES module, gives its namespace. */
const nock: typeof importedNock =
  typeof importedNock === "function"
    ? importedNock
    : (importedNock as { readonly default: typeof importedNock }).default;
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"];

/**
 * Lets nock answer the Docker Engine API from cassettes, as a replay on a socket does.
 * @throws CassetteError if a cassette cannot be parsed
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_NOT_CARRIED` for exchanges that leave HTTP, if `onUnsupported` is `throw`
 * @example
 * import nock from "nock";
 *
 * const docker = createScopes("web.yaml", { allowsUnplayed: true });
 * await fetch("http://localhost/_ping");
 * docker.done();
 * nock.restore();
 */
export function createScopes(cassettes: string | readonly string[], options: PlaybackOptions = {}): CassetteScopes {
  const { origin, send: ask, ...played } = createPlayback(NOCK, cassettes, options);
  const scope = nock(origin).persist();
  for (const method of METHODS) {
    // Optional: `done` reports recorded requests that are left out, not `nock.isDone`.
    const interceptor = scope.intercept(() => true, method).optionally();
    interceptor.reply(async function (this: unknown, request: unknown) {
      return toReply(await ask(toMockedRequest(request as Request | string, this as Intercepted)));
    } as never);
  }
  return Object.assign([scope], played);
}

/** nock 14's `this` in a reply. nock passes the body as text, hex or parsed JSON; this has its bytes. */
interface Intercepted {
  readonly req: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly requestBodyBuffers?: readonly Buffer[];
  };
}

/** nock 15 passes the request to a reply, nock 14 only its path. */
function toMockedRequest(request: Request | string, intercepted: Intercepted): MockedRequest {
  if (typeof request !== "string") {
    const { method, url, headers, body, signal } = request;
    return { method, url, headers, body: body ?? undefined, signal };
  }
  const { method, headers, requestBodyBuffers } = intercepted.req;
  if (requestBodyBuffers === undefined) throw createUnknownNockError();
  const fields = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")] as const);
  const size = requestBodyBuffers.reduce((total, { length }) => total + length, 0);
  return { method, url: request, headers: fields, body: size === 0 ? undefined : Readable.from(requestBodyBuffers) };
}

function toReply({ status, fields, body }: MockedResponse): readonly [number, unknown, string[]] {
  const bytes = body === undefined ? Buffer.alloc(0) : Readable.fromWeb(body as never);
  return [status, bytes, fields.flat()];
}

function createUnknownNockError(): UsageError {
  const message = "cannot read the bytes of a request: expected nock 14.0.9 or later, or nock 15";
  return new UsageError("WHALESONG_UNKNOWN_NOCK", message);
}
