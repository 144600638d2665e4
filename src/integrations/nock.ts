/**
 * `whalesong/nock`: cassettes as scopes of nock 14 and 15. What nock can carry of them, and what not, stands in
 * docs/msw-and-nock.md.
 */
import { Readable } from "node:stream";
import nock from "nock";
import { UsageError } from "../base/errors.ts";
import type { Answer, Question } from "./ask.ts";
import { type Playback, type PlaybackOptions, playback } from "./playback.ts";
import type { Carrier } from "./uncarried.ts";

export type { Playback, PlaybackOptions } from "./playback.ts";

/** nock's scopes, which last until `nock.cleanAll()`, and how it went. */
export type Scopes = readonly nock.Scope[] & Playback;

const NOCK: Carrier = { name: "nock", holdsHeadsBack: true };
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"];

/**
 * Has nock answer the Docker Engine API from cassettes, as a replay on a socket would.
 *
 *     const docker = scopes("cassettes/web.yaml");
 *     // ... the test ...
 *     docker.done();
 *
 * @throws CassetteError if a cassette cannot be understood
 * @throws UsageError `WHALESONG_NOT_CARRIED` for exchanges that leave HTTP, if `uncarried` is `throw`
 */
export function scopes(cassettes: string | readonly string[], options: PlaybackOptions = {}): Scopes {
  const { origin, ask, ...played } = playback(NOCK, cassettes, options);
  const scope = nock(origin).persist();
  for (const method of METHODS) {
    // Optional: whether all was asked for is for `done` to tell, not for `nock.isDone`.
    const interceptor = scope.intercept(() => true, method).optionally();
    interceptor.reply(async function (this: unknown, asked: unknown) {
      return replyTo(await ask(questionOf(asked as Request | string, this as Intercepted)));
    } as never);
  }
  return Object.assign([scope], played);
}

/** nock 14's `this` in a reply. It shows a body as text, hex or parsed JSON; here are its bytes. */
interface Intercepted {
  readonly req: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly requestBodyBuffers?: readonly Buffer[];
  };
}

/** nock 15 hands a reply the request, nock 14 its path. */
function questionOf(asked: Request | string, intercepted: Intercepted): Question {
  if (typeof asked !== "string") {
    const { method, url, headers, body, signal } = asked;
    return { method, url, headers, body: body ?? undefined, signal };
  }
  const { method, headers, requestBodyBuffers } = intercepted.req;
  if (requestBodyBuffers === undefined) throw unknownNock();
  const fields = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")] as const);
  const size = requestBodyBuffers.reduce((total, { length }) => total + length, 0);
  return { method, url: asked, headers: fields, body: size === 0 ? undefined : Readable.from(requestBodyBuffers) };
}

function replyTo({ status, fields, body }: Answer): readonly [number, unknown, string[]] {
  const bytes = body === undefined ? Buffer.alloc(0) : Readable.fromWeb(body as never);
  return [status, bytes, fields.flat()];
}

function unknownNock(): UsageError {
  const message = "cannot read the bytes of a request: expected nock 14.0.9 or later, or nock 15";
  return new UsageError("WHALESONG_UNKNOWN_NOCK", message);
}
