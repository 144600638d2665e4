/** The roads on which a mocking library carries a cassette to a client that means a unix socket. */

import { setupServer } from "msw/node";
import nock from "nock";
import type { CassettePlayback, PlaybackOptions } from "../../src/integrations/cassette-playback.ts";
import { createHandlers } from "../../src/integrations/msw.ts";
import { createScopes } from "../../src/integrations/nock.ts";

// nock is active as soon as it is imported.
nock.restore();

/** Without a listener: a request that is not intercepted fails. */
export const NOWHERE = "/nonexistent/docker.sock";

export interface LibraryTransport {
  readonly docker: CassettePlayback;
  leave(): void;
}

/** Both without a warning beforehand of what they cannot carry. */
export const ROADS = { msw: connectOverMsw, nock: connectOverNock } as const;

export function connectOverMsw(cassette: string, options: PlaybackOptions = {}): LibraryTransport {
  const docker = createHandlers(cassette, { onUnsupported: "allow", ...options });
  const server = setupServer(...docker);
  // msw 2 and msw 3 call it differently.
  server.listen({ onUnhandledRequest: "error", onUnhandledFrame: "error" } as object);
  return { docker, leave: () => server.close() };
}

export function connectOverNock(cassette: string, options: PlaybackOptions = {}): LibraryTransport {
  const docker = createScopes(cassette, { onUnsupported: "allow", ...options });
  nock.activate();
  const leave = (): void => {
    nock.cleanAll();
    nock.restore();
  };
  return { docker, leave };
}
