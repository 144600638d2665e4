/** The builds of a cassette as a script. Their documents are parsed when the first client asks for a build. */
import { findMethodShape, toShortMethod } from "../../../cassette/build/call-names.ts";
import type { Exchange } from "../../../cassette/model.ts";
import type { Cassette, CassetteEntry } from "../../../cassette/read.ts";
import { composeHead } from "../../../cassette/response-head.ts";
import { parseOperation } from "../../../wire/operation.ts";
import type { JsonMessageValue } from "../../../wire/protobuf/json-message.ts";
import { HTTP_BUILD } from "../build-methods.ts";
import type { BuilderRead, BuildGroup, BuildScript, ClientCall, HttpBuild } from "../build-script.ts";
import { createBuildItems, encodeRecordedMessage, toGrpcStatus } from "./group-events.ts";
import { DocumentIds } from "./placeholders.ts";
import type { ReadSidecar } from "./transfer-content.ts";

/** The builds of one cassette, for all decks of it. */
export interface RecordedBuilds {
  /** Known without parsing a document. */
  readonly isEmpty: boolean;
  /** @throws CassetteError if a document cannot be understood */
  readonly script: BuildScript;
}

export interface BuildSidecars {
  readonly read: ReadSidecar;
  /** The Date of every response. */
  readonly date: string;
}

const MILLION = 1_000_000n;

export function openBuilds(cassette: Cassette, sidecars: BuildSidecars): RecordedBuilds {
  const entries = cassette.entries.filter(mayBeOfBuilder);
  let script: BuildScript | undefined;
  return {
    isEmpty: entries.length === 0,
    get script() {
      script ??= new ScriptReading(cassette, sidecars).read(entries);
      return script;
    },
  };
}

/** `POST /build?version=2` of a cassette from before builds were kept has no events. */
function mayBeOfBuilder({ method, target }: CassetteEntry): boolean {
  return method === "GRPC" || isHttpBuild(method, target);
}

function isHttpBuild(method: string, target: string): boolean {
  const { name, query } = parseOperation(method, target);
  return name === "ImageBuild" && query.some(([key, value]) => key === "version" && value === "2");
}

class ScriptReading {
  readonly #cassette: Cassette;
  readonly #sidecars: BuildSidecars;
  readonly #base: bigint;
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
    const http = exchange.response === undefined ? undefined : this.#readHttpBuild(exchange, exchange.response, ids);
    const context = { ids, read: this.#sidecars.read, base: this.#base, httpCall: http?.call };
    return {
      index: entry.index,
      place: `${this.#cassette.file}:${entry.line}`,
      title: `${entry.method} ${entry.target}`,
      ...(http === undefined ? {} : { http }),
      items: createBuildItems(exchange.build ?? [], context),
    };
  }

  #readHttpBuild(exchange: Exchange, response: NonNullable<Exchange["response"]>, ids: DocumentIds): HttpBuild {
    const call: ClientCall = { method: HTTP_BUILD, build: ids.getRef(1), request: { Session: ids.getSession(1) } };
    const { everyResponse } = this.#cassette.header;
    const fields = composeHead(response, {
      operation: "ImageBuild",
      method: "POST",
      asksClose: false,
      everyResponse,
      date: this.#sidecars.date,
      bodySize: undefined,
    });
    return { call, head: { status: response.status, reason: response.reason, fields } };
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
