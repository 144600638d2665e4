/**
 * `whalesong/msw`: cassettes as handlers of msw 2 and 3. docs/msw-and-nock.md lists what msw supports.
 */
import { type HttpHandler, HttpResponse, http } from "msw";
import type { CassettePlayback, PlaybackOptions } from "./cassette-playback.ts";
import type { MockedRequest, MockedResponse } from "./in-memory-request.ts";
import { createPlayback, EnvironmentError, toOrigin } from "./shared.ts";
import type { MockLibrary } from "./unsupported-exchanges.ts";

export type { CassettePlayback, PlaybackOptions } from "./cassette-playback.ts";

/** Handlers for `setupServer(...)` and `server.use(...)`, with the report of the replay. */
export type CassetteHandlers = readonly HttpHandler[] & CassettePlayback;

const MSW: MockLibrary = { name: "msw", owner: "createHandlers", buffersHeads: false };

/**
 * Creates handlers that answer the Docker Engine API from cassettes, as a replay on a socket does. Requests to other
 * hosts fall through to the next handlers.
 * @throws CassetteError if a cassette cannot be parsed
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_NOT_CARRIED` for exchanges that leave HTTP, if `onUnsupported` is `throw`
 * @example
 * import { setupServer } from "msw/node";
 *
 * const docker = createHandlers("web.yaml", { allowsUnplayed: true });
 * const server = setupServer(...docker);
 * server.listen();
 * await fetch("http://localhost/_ping");
 * docker.done();
 * server.close();
 */
export function createHandlers(cassettes: string | readonly string[], options: PlaybackOptions = {}): CassetteHandlers {
  const { origin, send: ask, ...played } = createPlayback(MSW, cassettes, options);
  const docker = http.all("*", async ({ request }) => {
    if (!origin.test(toOrigin(request.url))) return undefined;
    try {
      return toResponse(await ask(toMockedRequest(request)));
    } catch (error) {
      if (error instanceof EnvironmentError) return HttpResponse.error();
      throw error;
    }
  });
  return Object.assign([docker], played);
}

function toMockedRequest({ method, url, headers, body, signal }: Request): MockedRequest {
  return { method, url, headers, body: body ?? undefined, signal };
}

function toResponse({ status, reason, fields, body }: MockedResponse): HttpResponse<null> {
  return new HttpResponse(body as never, { status, statusText: reason, headers: fields as [string, string][] });
}
