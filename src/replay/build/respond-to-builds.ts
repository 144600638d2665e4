/**
 * The responder that plays builds: `/grpc` and `/session` with their connections, `/build?version=2` of older clients,
 * and HTTP/2 without an upgrade. It declines where no cassette has builds.
 */
import type { Call, Responder } from "../../session/call.ts";
import { toHijackedConnection } from "../../session/hijacked-connection.ts";
import { findFieldValue, type HeaderField, hasToken } from "../../wire/fields.ts";
import type { BuildDeck } from "./build-deck.ts";
import type { BuildPace } from "./build-pace.ts";
import { BuildService, type BuildSource } from "./build-service.ts";
import { HttpBuildCall } from "./http-build-call.ts";
import { waitWithin } from "./wait-within.ts";

/** A deck's builds, and how it compares the targets of requests. */
export interface BuildTable {
  readonly builds: BuildDeck;
  /** Whether the recorded request of `POST /build` is the one at hand. */
  isRepeated(recordedTarget: string, call: Call): boolean;
}

/** For each call: the builds that may answer it, and the list of misses that it belongs to. */
export interface BuildLookup {
  tablesFor(call: Call): readonly BuildTable[];
  onMiss(call: Call, ...miss: Parameters<BuildSource["onMiss"]>): void;
}

const SESSION_ID = "X-Docker-Expose-Session-Uuid";
const UPGRADED: readonly HeaderField[] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "h2c"],
];

export function respondToBuilds(lookup: BuildLookup, pace: BuildPace): Responder {
  const service = new BuildService(pace);
  const tablesFor = (call: Call): readonly BuildTable[] =>
    lookup.tablesFor(call).filter(({ builds }) => !builds.isEmpty);
  return async (call) => {
    const tables = tablesFor(call);
    if (tables.length === 0) return false;
    if (isHttpBuild(call)) return playHttpBuild(call, tables, pace);
    const decks = (): readonly BuildDeck[] => tablesFor(call).map(({ builds }) => builds);
    const serve = selectService(call, service, { decks, onMiss: (miss) => lookup.onMiss(call, miss) });
    if (serve === undefined) return false;
    await serve();
    call.connectionFate = "close";
    return true;
  };
}

/** What serves the connection that a call becomes; undefined for one that stays HTTP. */
function selectService(call: Call, service: BuildService, source: BuildSource): (() => Promise<void>) | undefined {
  const { head, operation } = call;
  if (call.isHttp2) return () => service.serve(toHijackedConnection(call), source);
  if (!hasToken(head.fields, "Upgrade", "h2c")) return undefined;
  if (operation.name === "Grpc") return () => service.serve(upgrade(call), source);
  const id = operation.name === "Session" ? findFieldValue(head.fields, SESSION_ID) : undefined;
  return id === undefined ? undefined : () => service.holdSession(id, upgrade(call));
}

function upgrade(call: Call): ReturnType<typeof toHijackedConnection> {
  void call.connection.write(call.encodeHead(101, "Switching Protocols", UPGRADED));
  return toHijackedConnection(call);
}

function isHttpBuild({ operation: { name, query } }: Call): boolean {
  return name === "ImageBuild" && query.some(([key, value]) => key === "version" && value === "2");
}

async function playHttpBuild(call: Call, tables: readonly BuildTable[], pace: BuildPace): Promise<boolean> {
  const session = call.operation.query.find(([key]) => key === "session")?.[1] ?? "";
  for (const table of tables) {
    const taken = table.builds.takeHttpBuild((target) => table.isRepeated(target, call), session, pace);
    if (taken === undefined) continue;
    await call.drainBody();
    const live = new HttpBuildCall(call, taken.http.head);
    await taken.run.arrive(taken.call, live);
    await live.over;
    return true;
  }
  await awaitSession(call, session, pace);
  return false;
}

/** CLI 20.10 hangs where its request is answered before its session stands, and be it with an error. */
async function awaitSession({ reader }: Call, id: string, { sessions, clock, limits }: BuildPace): Promise<void> {
  const leaving = new AbortController();
  void reader.ended.then(() => leaving.abort());
  await waitWithin(sessions.waitFor(id), { ms: limits.step, clock, signal: leaving.signal });
}
