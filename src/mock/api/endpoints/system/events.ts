import { Queue } from "../../../../base/async-queue.ts";
import { goJson } from "../../../../wire/go-json.ts";
import { badParameter, systemError } from "../../../model/api-error.ts";
import type { EngineEvent } from "../../../model/event.ts";
import type { Filters } from "../../../model/filters.ts";
import { timestampNs, unixSeconds } from "../../../model/go-time.ts";
import { type Shape, type ShapeChange, shapeFor, without } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { stream } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId, taggedName } from "../images/shapes.ts";

const CHANGES: readonly ShapeChange[] = [
  { since: "1.12", before: documented },
  { since: "1.4", before: (event) => without(event, "from") },
];

/** Told of only since events have types. */
const TYPES_OF_OLD: readonly string[] = ["container", "image"];

const OF_SWARMS: ReadonlySet<EngineEvent["type"]> = new Set(["node", "secret", "config"]);

export const events: Endpoint = {
  operation: "SystemEvents",
  answer: (request, engine) => {
    const { query } = request;
    const [since, until] = [instant(query.text("since"), engine), instant(query.text("until"), engine)];
    if (since !== undefined && until !== undefined && since > until) {
      const [from, to] = [query.text("since"), query.text("until")];
      throw badParameter(`\`since\` time (${from}) cannot be after \`until\` time (${to})`);
    }
    const wanted = query.anyFilters();
    return stream(told(request, engine, { since, until, wanted }), "application/json");
  },
};

/** The members of the document of 1.9. */
function documented({ status, id, from, time }: Shape): Shape {
  return { status, id: bareId(id), from: from === undefined ? undefined : taggedName(from), time };
}

interface Stretch {
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  readonly wanted: Filters;
}

function instant(text: string, { time }: Engine): bigint | undefined {
  if (text === "") return undefined;
  const ns = timestampNs(text, time.now());
  if (ns === undefined) throw systemError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return ns;
}

/** Those of the past only where a time is named; then those to come, until the time named or the client leaves. */
async function* told(
  { api, left }: Request,
  engine: Engine,
  { since, until, wanted }: Stretch,
): AsyncGenerator<Buffer> {
  const hasPast = since !== undefined || until !== undefined;
  const isPast = until !== undefined && until <= engine.time.now();
  const past = hasPast
    ? engine.events.past.filter(({ time }) => time >= (since ?? 0n) && (until === undefined || time <= until))
    : [];
  const coming = isPast ? [] : upcoming(engine, until, left);
  const line = (event: EngineEvent): Buffer => Buffer.from(`${goJson(shapeFor(api, newest(event), CHANGES))}\n`);
  const fits = (event: EngineEvent): boolean =>
    isWanted(event, wanted) && (!api.isBygone || TYPES_OF_OLD.includes(event.type));
  for (const event of [...past]) if (fits(event)) yield line(event);
  for await (const event of coming) if (fits(event)) yield line(event);
}

function upcoming(engine: Engine, until: bigint | undefined, left: AbortSignal): Queue<EngineEvent> {
  const queue = new Queue<EngineEvent>();
  const unlisten = engine.events.listen((event) => queue.push(event));
  const end = (): void => {
    unlisten();
    queue.end();
  };
  if (left.aborted) end();
  left.addEventListener("abort", end, { once: true });
  if (until !== undefined) void engine.time.sleep(Number(until - engine.time.now()) / 1e6, left).then(end);
  return queue;
}

/** Containers and images were told of before there were types, and still are in both manners. */
function newest({ type, action, id, attributes, from, time }: EngineEvent): Shape {
  const isOld = type === "container" || type === "image";
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)));
  return {
    ...(isOld ? { status: action, id, from: from === "" ? undefined : from } : {}),
    Type: type,
    Action: action,
    Actor: { ID: id, Attributes: sorted },
    scope: scopeOf(type),
    time: unixSeconds(time),
    timeNano: time,
  };
}

function scopeOf(type: EngineEvent["type"]): string {
  return OF_SWARMS.has(type) ? "swarm" : "local";
}

/** moby daemon/events/filter.go */
function isWanted(event: EngineEvent, wanted: Filters): boolean {
  const { type, action, attributes } = event;
  return (
    wanted.some("event", (name) => action === name || action.startsWith(`${name}:`)) &&
    wanted.exactly("type", type) &&
    wanted.exactly("scope", scopeOf(type)) &&
    wanted.labels(attributes) &&
    ["container", "network", "volume", "daemon", "plugin"].every((kind) =>
      wanted.some(kind, (name) => isOf(event, kind, name)),
    ) &&
    wanted.some("image", (name) => isOfImage(event, name))
  );
}

function isOf({ type, id, attributes }: EngineEvent, kind: string, name: string): boolean {
  return type === kind && (id.startsWith(name) || attributes.name === name);
}

/** An image's own events, and those of its containers; a tag may be left out. */
function isOfImage({ type, id, attributes }: EngineEvent, name: string): boolean {
  const names = [id, type === "image" ? attributes.name : attributes.image];
  return names.some((one) => one !== undefined && (one === name || one.replace(/:[^:/]*$/, "") === name));
}
