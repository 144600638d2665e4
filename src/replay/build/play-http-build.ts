/** `POST /build?version=2`, which older clients send beside a session (docker CLI up to 20.10 with DOCKER_BUILDKIT=1). */
import type { Call, Responder } from "../../session/call.ts";
import type { BuildDeck } from "./build-deck.ts";
import type { BuildPace } from "./build-pace.ts";
import { HttpBuildCall } from "./http-build-call.ts";
import { waitWithin } from "./wait-within.ts";

/** Plays the build of the exchange with this number. */
export async function playHttpBuild(call: Call, builds: BuildDeck, index: number, pace: BuildPace): Promise<void> {
  const taken = builds.takeHttpBuild(index, findSession(call) ?? "", pace);
  if (!call.isBodyRead) await call.drainBody();
  const live = new HttpBuildCall(call, taken.head);
  await taken.run.arrive(taken.call, live);
  await live.over;
}

/**
 * Holds a build that nothing recorded answers until its session stands, and declines it then. The session is closed
 * behind the answer: CLI 20.10 waits for its end for ever where the answer is an error that comes before the client has
 * got to serve the session (buildkit session/session.go, Close).
 */
export function holdMissedBuilds(
  hasBuilds: (call: Call) => boolean,
  { sessions, clock, limits }: BuildPace,
): Responder {
  return async (call) => {
    const id = hasBuilds(call) ? findSession(call) : undefined;
    if (id === undefined) return false;
    const leaving = new AbortController();
    void call.reader.ended.then(() => leaving.abort());
    const session = sessions.waitFor(id);
    const hasCome = await waitWithin(session, { ms: limits.step, clock, signal: leaving.signal });
    if (hasCome) call.onAnswered(async () => (await session).destroy());
    return false;
  };
}

/** The session that a build by BuildKit names; undefined for any other request. */
function findSession({ operation: { name, query } }: Call): string | undefined {
  const findParameter = (parameter: string): string | undefined => query.find(([key]) => key === parameter)?.[1];
  return name === "ImageBuild" && findParameter("version") === "2" ? findParameter("session") : undefined;
}
