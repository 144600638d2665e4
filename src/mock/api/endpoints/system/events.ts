import { AsyncQueue } from "../../../../base/async-queue.ts";
import { encodeGoJson } from "../../../../wire/go-json.ts";
import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { EngineEvent } from "../../../model/engine-event.ts";
import type { Filters } from "../../../model/filters.ts";
import { toUnixSeconds } from "../../../model/go-time.ts";
import type { Engine } from "../../../operations/engine.ts";
import type { ApiRequest } from "../../http/request.ts";
import { streamResponse } from "../../http/response.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toBareId, toTaggedName } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseTimestamp } from "../parse-timestamp.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.12", downgrade: toDocumentedJson },
  { since: "1.4", downgrade: (event) => omitMembers(event, "from") },
];

/** The types of events that existed before events had a `Type`. */
const LEGACY_TYPES: readonly string[] = ["container", "image"];

const SWARM_TYPES: ReadonlySet<EngineEvent["type"]> = new Set(["node", "secret", "config"]);

export const events: Endpoint = {
  operation: "SystemEvents",
  respond: (request, engine) => {
    const { query } = request;
    const [since, until] = [parseTimestamp(query.get("since"), engine), parseTimestamp(query.get("until"), engine)];
    if (since !== undefined && until !== undefined && since > until) {
      const [from, to] = [query.get("since"), query.get("until")];
      throw badParameter(`\`since\` time (${from}) cannot be after \`until\` time (${to})`);
    }
    const filters = query.readAnyFilters();
    return streamResponse(streamEvents(request, engine, { since, until, filters }), "application/json");
  },
};

/** Keeps the members that the document of 1.9 has. */
function toDocumentedJson({ status, id, from, time }: ApiJson): ApiJson {
  return { status, id: toBareId(id), from: from === undefined ? undefined : toTaggedName(from), time };
}

interface EventSelection {
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  readonly filters: Filters;
}

/**
 * Yields past events only if the request has a `since` or `until`. Then it yields new ones until that time, or until the
 * client leaves.
 */
async function* streamEvents(
  request: ApiRequest,
  engine: Engine,
  { since, until, filters }: EventSelection,
): AsyncGenerator<Buffer> {
  const { api, signal } = request;
  const hasPast = since !== undefined || until !== undefined;
  const isPast = until !== undefined && until <= engine.time.now();
  const past = hasPast
    ? engine.events.past.filter(({ time }) => time >= (since ?? 0n) && (until === undefined || time <= until))
    : [];
  const upcoming = isPast ? [] : watchEvents(engine, until, signal);
  const formatLine = (event: EngineEvent): Buffer =>
    Buffer.from(`${encodeGoJson(downgradeTo(request, toEventJson(event), DOWNGRADES))}\n`);
  const isSelected = (event: EngineEvent): boolean =>
    matchesFilters(event, filters) && (!api.isLegacy || LEGACY_TYPES.includes(event.type));
  for (const event of [...past]) if (isSelected(event)) yield formatLine(event);
  for await (const event of upcoming) if (isSelected(event)) yield formatLine(event);
}

function watchEvents(engine: Engine, until: bigint | undefined, signal: AbortSignal): AsyncQueue<EngineEvent> {
  const queue = new AsyncQueue<EngineEvent>();
  const stopListening = engine.events.listen((event) => queue.push(event));
  const end = (): void => {
    stopListening();
    queue.end();
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  if (until !== undefined) void engine.time.sleep(Number(until - engine.time.now()) / 1e6, signal).then(end);
  return queue;
}

/** Events of containers and images have their old members (`status`, `id`, `from`) besides the new ones. */
function toEventJson({ type, action, id, attributes, from, time }: EngineEvent): ApiJson {
  const hasLegacyMembers = type === "container" || type === "image";
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)));
  return {
    ...(hasLegacyMembers ? { status: action, id, from: from === "" ? undefined : from } : {}),
    Type: type,
    Action: action,
    Actor: { ID: id, Attributes: sorted },
    scope: toScope(type),
    time: toUnixSeconds(time),
    timeNano: time,
  };
}

function toScope(type: EngineEvent["type"]): string {
  return SWARM_TYPES.has(type) ? "swarm" : "local";
}

/** From moby daemon/events/filter.go. */
function matchesFilters(event: EngineEvent, filters: Filters): boolean {
  const { type, action, attributes } = event;
  return (
    filters.hasMatch("event", (name) => action === name || action.startsWith(`${name}:`)) &&
    filters.hasExactly("type", type) &&
    filters.hasExactly("scope", toScope(type)) &&
    filters.hasLabels(attributes) &&
    ["container", "network", "volume", "daemon", "plugin"].every((kind) =>
      filters.hasMatch(kind, (name) => isAbout(event, kind, name)),
    ) &&
    filters.hasMatch("image", (name) => isAboutImage(event, name))
  );
}

function isAbout({ type, id, attributes }: EngineEvent, kind: string, name: string): boolean {
  return type === kind && (id.startsWith(name) || attributes.name === name);
}

/** Events of an image and of its containers match its name, with or without the tag. */
function isAboutImage({ type, id, attributes }: EngineEvent, name: string): boolean {
  const names = [id, type === "image" ? attributes.name : attributes.image];
  return names.some(
    (candidate) => candidate !== undefined && (candidate === name || candidate.replace(/:[^:/]*$/, "") === name),
  );
}
