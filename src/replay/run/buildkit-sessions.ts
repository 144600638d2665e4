/**
 * The order of BuildKit's two requests. POST /build is answered only when its session (POST /session with the same
 * uuid) has played to its end. Otherwise the client hangs or loses files (docs/protocol-notes.md, "BuildKit").
 */
import type { Clock } from "../../base/clock.ts";
import type { Call } from "../../session/call.ts";
import { findFieldValue } from "../../wire/http/head.ts";

/** A build must end even if its session never comes. */
const SESSION_TIMEOUT_MS = 10_000;

interface BuildKitSession {
  readonly finished: Promise<void>;
  readonly finish: () => void;
}

export class BuildKitSessions {
  readonly #sessions = new Map<string, BuildKitSession>();

  /** Resolves when the session that this build names is finished. Undefined for any other request. */
  waitForSession(call: Call, clock: Clock): Promise<void> | undefined {
    const uuid = findSessionUuid(call);
    return uuid === undefined ? undefined : this.#waitUntilFinished(uuid, call, clock);
  }

  async #waitUntilFinished(uuid: string, call: Call, clock: Clock): Promise<void> {
    const stopTimer = new AbortController();
    const timeout = clock.sleep(SESSION_TIMEOUT_MS, stopTimer.signal);
    await Promise.race([this.#findOrCreate(uuid).finished, timeout, call.connection.closed]);
    stopTimer.abort();
  }

  /** The stream of this session has played to its end. Does nothing for any other request. */
  markFinished(call: Call): void {
    const uuid = findFieldValue(call.head.fields, "X-Docker-Expose-Session-Uuid");
    if (uuid !== undefined) this.#findOrCreate(uuid).finish();
  }

  #findOrCreate(uuid: string): BuildKitSession {
    const known = this.#sessions.get(uuid);
    if (known !== undefined) return known;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const session = { finished, finish };
    this.#sessions.set(uuid, session);
    return session;
  }
}

function findSessionUuid({ operation }: Call): string | undefined {
  if (operation.name !== "ImageBuild") return undefined;
  const findParameter = (name: string): string | undefined => operation.query.find(([key]) => key === name)?.[1];
  return findParameter("version") === "2" ? findParameter("session") : undefined;
}
