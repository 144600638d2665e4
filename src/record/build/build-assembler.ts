/**
 * Makes builds of connections. Events of BuildKit's connections go in; out come events of exchanges that stand for
 * builds and for single calls of BuildKit's API, as if each had a connection of its own. All other events pass through.
 */
import { toErrorMessage } from "../../base/error-message.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { isBuildkitConnection } from "../decode/operation-traits.ts";
import { type ExchangeEvent, isExchangeEnd, type RecordEvent, type UnreadableEvent } from "../decode/record-event.ts";
import { ApiChannel } from "./api-channel.ts";
import { BuildRegistry } from "./build-registry.ts";
import { ReadMemory } from "./read-call.ts";
import { SessionChannel } from "./session-channel.ts";

type Channel = ApiChannel | SessionChannel;
type GrpcHappening = Extract<ExchangeEvent, { kind: "grpc" }>;
type RequestHeadEvent = Extract<ExchangeEvent, { kind: "request-head" }>;

/** A connection that asked for an upgrade: until the answer shows whether it gets it, its events wait. */
interface HeldExchange {
  readonly head: RequestHeadEvent;
  readonly events: ExchangeEvent[];
}

const SESSION_HEADER = "x-docker-expose-session-uuid";

export class BuildAssembler {
  readonly #nextConnection: () => number;
  readonly #registry: BuildRegistry;
  readonly #memory: ReadMemory = new ReadMemory();
  readonly #held = new Map<string, HeldExchange>();
  readonly #channels = new Map<string, Channel>();
  /** Sessions of `POST /build`, by its exchange. */
  readonly #httpBuilds = new Map<string, string>();
  #events: RecordEvent[] = [];

  constructor(nextConnection: () => number) {
    this.#nextConnection = nextConnection;
    this.#registry = new BuildRegistry({ nextConnection, emit: (event) => this.#events.push(event) });
  }

  apply(event: RecordEvent): RecordEvent[] {
    this.#events = [];
    if (event.kind === "unreadable") this.#dropConnection(event);
    else this.#follow(event);
    return this.#events;
  }

  /** The recording stops: what is open is told as far as it came. */
  stop(at: number): RecordEvent[] {
    this.#events = [];
    this.#registry.stop(at);
    return this.#events;
  }

  #follow(event: ExchangeEvent): void {
    const key = keyOf(event);
    const channel = this.#channels.get(key);
    if (channel !== undefined) this.#pushChannel(key, channel, event);
    else if (event.kind === "request-head" && isBuildkitConnection(event.operation)) {
      this.#held.set(key, { head: event, events: [event] });
    } else if (this.#held.has(key)) this.#followHeld(key, this.#held.get(key) as HeldExchange, event);
    else this.#pass(key, event);
  }

  #pass(key: string, event: ExchangeEvent): void {
    if (isExchangeEnd(event) && this.#endHttpBuild(key, event)) return;
    this.#events.push(event);
    const session = event.kind === "request-head" ? findBuildSession(event.operation) : undefined;
    if (session === undefined) return;
    this.#httpBuilds.set(key, session);
    this.#registry.beginHttp(session, { connection: event.connection, exchange: event.exchange });
  }

  #endHttpBuild(key: string, end: ExchangeEvent): boolean {
    const session = this.#httpBuilds.get(key);
    this.#httpBuilds.delete(key);
    return session !== undefined && this.#registry.endHttp(session, end);
  }

  #followHeld(key: string, held: HeldExchange, event: ExchangeEvent): void {
    if (event.kind !== "response-head" && !isExchangeEnd(event)) {
      held.events.push(event);
      return;
    }
    this.#held.delete(key);
    if (event.kind === "response-head" && event.content === "hijack") this.#openChannel(key, held.head);
    else for (const one of [...held.events, event]) this.#events.push(one);
  }

  #openChannel(key: string, { head, operation }: RequestHeadEvent): void {
    if (operation.name === "Session") {
      const id = head.fields.find(([name]) => name.toLowerCase() === SESSION_HEADER)?.[1] ?? "";
      const channel = new SessionChannel(id, this.#registry);
      this.#channels.set(key, channel);
      channel.open();
    } else {
      const [registry, memory, nextConnection] = [this.#registry, this.#memory, this.#nextConnection];
      this.#channels.set(key, new ApiChannel({ registry, memory, nextConnection }));
    }
  }

  #pushChannel(key: string, channel: Channel, event: ExchangeEvent): void {
    if (isExchangeEnd(event)) {
      this.#channels.delete(key);
      channel.close(event.kind, event.at);
    } else if (event.kind === "grpc") this.#pushGrpc(key, channel, event as GrpcHappening);
  }

  #pushGrpc(key: string, channel: Channel, { event, at, connection }: GrpcHappening): void {
    try {
      channel.push(event, at);
    } catch (problem) {
      this.#dropChannel(key, channel, { kind: "unreadable", connection, at, problem });
    }
  }

  /** Nothing is known of what follows on the connection: its builds are lost, others go on. */
  #dropConnection(event: UnreadableEvent): void {
    const isOn = (key: string): boolean => key.startsWith(`${event.connection}/`);
    for (const [key, channel] of this.#channels) if (isOn(key)) this.#dropChannel(key, channel, event);
    for (const [key, { events }] of this.#held) if (isOn(key)) this.#release(key, events);
    this.#events.push(event);
  }

  #dropChannel(key: string, channel: Channel, { at, problem }: UnreadableEvent): void {
    this.#channels.delete(key);
    for (const group of channel.groups) this.#registry.drop(group, createLostBuildError(problem), at);
  }

  #release(key: string, events: readonly ExchangeEvent[]): void {
    this.#held.delete(key);
    this.#events.push(...events);
  }
}

function keyOf({ connection, exchange }: ExchangeEvent): string {
  return `${connection}/${exchange}`;
}

/** The session that `POST /build` of an older client names; undefined where the classic builder builds. */
export function findBuildSession({ name, query }: Operation): string | undefined {
  const find = (key: string): string | undefined => query.find(([one]) => one === key)?.[1];
  return name === "ImageBuild" && find("version") === "2" ? find("session") : undefined;
}

function createLostBuildError(cause: unknown): Error {
  const message = toErrorMessage(cause);
  return new Error(`a build is not recorded: ${message}`, { cause });
}
