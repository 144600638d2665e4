/**
 * `whalesong/msw`: cassettes as handlers of msw 2 and 3. What msw can carry of them, and what not, stands in
 * docs/msw-and-nock.md.
 */
import { type HttpHandler, HttpResponse, http } from "msw";
import { EnvironmentError } from "../base/errors.ts";
import type { Answer, Question } from "./ask.ts";
import { originOf, type Playback, type PlaybackOptions, playback } from "./playback.ts";
import type { Carrier } from "./uncarried.ts";

export type { Playback, PlaybackOptions } from "./playback.ts";

/** What `setupServer(...handlers(cassette))` and `server.use(...)` take, and how it went. */
export type Handlers = readonly HttpHandler[] & Playback;

const MSW: Carrier = { name: "msw", holdsHeadsBack: false };

/**
 * Handlers that answer the Docker Engine API from cassettes, as a replay on a socket would. Requests to other hosts
 * go on to the handlers behind them.
 *
 *     const docker = handlers("cassettes/web.yaml");
 *     const server = setupServer(...docker);
 *
 * @throws CassetteError if a cassette cannot be understood
 * @throws UsageError `WHALESONG_NOT_CARRIED` for exchanges that leave HTTP, if `uncarried` is `throw`
 */
export function handlers(cassettes: string | readonly string[], options: PlaybackOptions = {}): Handlers {
  const { origin, ask, ...played } = playback(MSW, cassettes, options);
  const docker = http.all("*", async ({ request }) => {
    if (!origin.test(originOf(request.url))) return undefined;
    try {
      return responseTo(await ask(questionOf(request)));
    } catch (error) {
      if (error instanceof EnvironmentError) return HttpResponse.error();
      throw error;
    }
  });
  return Object.assign([docker], played);
}

function questionOf({ method, url, headers, body, signal }: Request): Question {
  return { method, url, headers, body: body ?? undefined, signal };
}

function responseTo({ status, reason, fields, body }: Answer): HttpResponse<null> {
  return new HttpResponse(body as never, { status, statusText: reason, headers: fields as [string, string][] });
}
