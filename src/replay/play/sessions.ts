/**
 * BuildKit's two conversations: POST /build is answered only when its session (POST /session of the same uuid) has
 * said all it has to say, or the client would hang or lose files (docs/protocol-notes.md, "BuildKit").
 */
import type { Clock } from "../../base/clock.ts";
import type { Call } from "../../session/call.ts";
import { fieldValue } from "../../wire/head.ts";

/** A build whose session never comes must still end. */
const PATIENCE_MS = 10_000;

interface Session {
  readonly spoken: Promise<void>;
  readonly speak: () => void;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Resolves when the session that this build names has spoken. At once for any other request. */
  async awaitFor(call: Call, clock: Clock): Promise<void> {
    const uuid = sessionOfBuild(call);
    if (uuid === undefined) return;
    const enough = new AbortController();
    await Promise.race([this.#session(uuid).spoken, clock.sleep(PATIENCE_MS, enough.signal), call.connection.closed]);
    enough.abort();
  }

  /** This session has said all it has to say. */
  spoken(call: Call): void {
    const uuid = fieldValue(call.head.fields, "X-Docker-Expose-Session-Uuid");
    if (uuid !== undefined) this.#session(uuid).speak();
  }

  #session(uuid: string): Session {
    const found = this.#sessions.get(uuid);
    if (found !== undefined) return found;
    let speak: () => void = () => undefined;
    const spoken = new Promise<void>((resolve) => {
      speak = resolve;
    });
    const session = { spoken, speak };
    this.#sessions.set(uuid, session);
    return session;
  }
}

function sessionOfBuild({ operation }: Call): string | undefined {
  if (operation.name !== "ImageBuild") return undefined;
  const value = (name: string): string | undefined => operation.query.find(([key]) => key === name)?.[1];
  return value("version") === "2" ? value("session") : undefined;
}
