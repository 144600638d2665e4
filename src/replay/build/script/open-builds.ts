/** The builds of a cassette as a script. Their documents are parsed when the first client asks for a build. */
import { CassetteError } from "../../../base/errors.ts";
import { findMethodShape, toShortMethod } from "../../../cassette/build/call-names.ts";
import type { Exchange } from "../../../cassette/model.ts";
import type { Cassette, CassetteEntry } from "../../../cassette/read.ts";
import { composeHead } from "../../../cassette/response-head.ts";
import type { ReadSidecar } from "../../../cassette/sidecar-ref.ts";
import { parseOperation } from "../../../wire/operations/operation.ts";
import type { JsonMessageValue } from "../../../wire/protobuf/json-message.ts";
import type { BuildRecording } from "../build-deck.ts";
import { HTTP_BUILD } from "../build-methods.ts";
import type { BuilderRead, BuildGroup, BuildScript, ClientCall, HttpBuild } from "../build-script.ts";
import { createBuildItems, encodeRecordedMessage, toGrpcStatus } from "./group-events.ts";
import { DocumentIds } from "./placeholders.ts";
import { TreeMemory } from "./tree-memory.ts";

export interface BuildSidecars {
  readonly read: ReadSidecar;
}

const MILLION = 1_000_000n;

/** For all decks of the cassette. */
export function openBuilds(cassette: Cassette, sidecars: BuildSidecars): BuildRecording {
  let entries: readonly CassetteEntry[] | undefined;
  let script: BuildScript | undefined;
  const listEntries = (): readonly CassetteEntry[] => {
    entries ??= cassette.entries.filter(isOfBuilder);
    return entries;
  };
  return {
    get isEmpty() {
      return listEntries().length === 0;
    },
    get script() {
      script ??= new ScriptReading(cassette, sidecars).read(listEntries());
      return script;
    },
  };
}

function isOfBuilder(entry: CassetteEntry): boolean {
  return entry.method === "GRPC" || (isHttpBuild(entry) && hasBuild(entry));
}

function isHttpBuild({ method, target }: CassetteEntry): boolean {
  if (!target.includes("version=2")) return false;
  const { name, query } = parseOperation(method, target);
  return name === "ImageBuild" && query.some(([key, value]) => key === "version" && value === "2");
}

/** A recording by an older version has its answer only. A document with a fault is an exchange that shows it when played. */
function hasBuild(entry: CassetteEntry): boolean {
  try {
    return entry.readExchange().build !== undefined;
  } catch (error) {
    if (error instanceof CassetteError) return false;
    throw error;
  }
}

class ScriptReading {
  readonly #cassette: Cassette;
  readonly #sidecars: BuildSidecars;
  readonly #base: bigint;
  readonly #memory = new TreeMemory();
  readonly #documentsByName: ReadonlyMap<string, number>;

  constructor(cassette: Cassette, sidecars: BuildSidecars) {
    this.#cassette = cassette;
    this.#sidecars = sidecars;
    this.#base = BigInt(Date.parse(cassette.header.recorded?.at ?? "") || 0) * MILLION;
    this.#documentsByName = new Map(
      cassette.entries.flatMap(({ name, index }): [string, number][] => (name === undefined ? [] : [[name, index]])),
    );
  }

  read(entries: readonly CassetteEntry[]): BuildScript {
    const groups: BuildGroup[] = [];
    const reads: BuilderRead[] = [];
    for (const entry of entries) {
      const exchange = entry.readExchange();
      if (exchange.build !== undefined) groups.push(this.#readGroup(entry, exchange));
      else if (exchange.call !== undefined) reads.push(this.#readCall(entry, exchange, groups.length));
    }
    return { groups, reads };
  }

  #readGroup(entry: CassetteEntry, exchange: Exchange): BuildGroup {
    const ids = new DocumentIds(entry.index, this.#documentsByName);
    const http = exchange.response === undefined ? undefined : this.#readHttpBuild(exchange.response, ids);
    const { read } = this.#sidecars;
    const context = { ids, read, base: this.#base, memory: this.#memory, httpCall: http?.call };
    return {
      index: entry.index,
      place: `${this.#cassette.file}:${entry.line}`,
      title: `${entry.method} ${entry.target}`,
      ...(http === undefined ? {} : { http }),
      items: createBuildItems(exchange.build ?? [], context),
    };
  }

  #readHttpBuild(response: NonNullable<Exchange["response"]>, ids: DocumentIds): HttpBuild {
    const session = ids.getSession(1);
    const call: ClientCall = { method: HTTP_BUILD, build: ids.getRef(1), request: { Session: session } };
    const { everyResponse } = this.#cassette.header;
    const fields = composeHead(response, {
      operation: "ImageBuild",
      method: "POST",
      asksClose: false,
      everyResponse,
      date: "",
      bodySize: undefined,
    });
    return { call, session, head: { status: response.status, reason: response.reason, fields } };
  }

  #readCall(entry: CassetteEntry, { call }: Exchange, era: number): BuilderRead {
    const ids = new DocumentIds(entry.index, this.#documentsByName);
    const context = { ids, read: this.#sidecars.read };
    const { request = { json: {} }, answers = [], status = { code: 0, message: "", details: [] } } = call ?? {};
    const type = findMethodShape(toShortMethod(entry.target))?.response;
    return {
      index: entry.index,
      method: entry.target,
      request: "json" in request ? (ids.fillMessage(request.json) as JsonMessageValue) : {},
      answers: [
        ...answers.map((answer) => ({ kind: "message", bytes: encodeRecordedMessage(answer, type, context) }) as const),
        { kind: "status", status: toGrpcStatus(status) },
      ],
      era,
    };
  }
}
