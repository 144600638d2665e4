/**
 * The responder that serves BuildKit's connections: `/grpc`, `/session`, and HTTP/2 without an upgrade. It declines where
 * no cassette has builds, and leaves them to `refuseBuilds` in a replay without a daemon behind it.
 */
import type { Call, Responder } from "../../session/call.ts";
import { toHijackedConnection } from "../../session/hijacked-connection.ts";
import { findFieldValue } from "../../wire/http/fields.ts";
import type { Miss } from "../miss.ts";
import type { BuildDeck } from "./build-deck.ts";
import type { BuildPace } from "./build-pace.ts";
import { BuildService, type BuildSource } from "./build-service.ts";
import { asksForHttp2, upgradeToHttp2 } from "./hold-session.ts";

/** For each call: the builds that may answer it, and the list of misses that it belongs to. */
export interface BuildLookup {
  decksFor(call: Call): readonly BuildDeck[];
  onMiss(call: Call, miss: Miss): void;
}

const SESSION_ID = "X-Docker-Expose-Session-Uuid";

export function respondToBuilds(lookup: BuildLookup, pace: BuildPace): Responder {
  const service = new BuildService(pace);
  const decksFor = (call: Call): readonly BuildDeck[] => lookup.decksFor(call).filter(({ isEmpty }) => !isEmpty);
  const serveCall = async (call: Call): Promise<boolean> => {
    const source = { decks: () => decksFor(call), onMiss: (miss: Miss) => lookup.onMiss(call, miss) };
    const serve = selectService(call, service, source);
    if (serve === undefined) return false;
    await serve();
    call.connectionFate = "close";
    return true;
  };
  const respond = (call: Call): boolean | Promise<boolean> =>
    (call.isHttp2 || call.request.asksUpgrade) && decksFor(call).length > 0 && serveCall(call);
  return Object.assign(respond, { takesHttp2: true });
}

/**
 * Serves `/grpc` where no cassette has builds: each call is a miss, but a connection without calls is none, for a recorder
 * keeps nothing of it (buildx opens one before it has read its files). Refused one, buildx makes a builder in a container.
 */
export function refuseBuilds(onMiss: BuildLookup["onMiss"], pace: BuildPace): Responder {
  const service = new BuildService(pace);
  return async (call) => {
    if (call.operation.name !== "Grpc" || !call.request.asksUpgrade || !asksForHttp2(call)) return false;
    await service.serve(await upgradeToHttp2(call), { decks: () => [], onMiss: (miss) => onMiss(call, miss) });
    call.connectionFate = "close";
    return true;
  };
}

/** What serves the connection that a call becomes; undefined for one that stays HTTP. */
function selectService(call: Call, service: BuildService, source: BuildSource): (() => Promise<void>) | undefined {
  const { head, operation } = call;
  if (call.isHttp2) return () => service.serve(toHijackedConnection(call), source);
  if (!asksForHttp2(call)) return undefined;
  if (operation.name === "Grpc") return async () => service.serve(await upgradeToHttp2(call), source);
  const id = operation.name === "Session" ? findFieldValue(head.fields, SESSION_ID) : undefined;
  return id === undefined ? undefined : async () => service.holdSession(id, await upgradeToHttp2(call));
}
