/** A simulated daemon in memory, and clients that send one request each. */
import type { FaultLiteral } from "../../src/faults/fault.ts";
import { injectFaults } from "../../src/faults/fault-responder.ts";
import { FaultSet } from "../../src/faults/fault-set.ts";
import { parseFaultLiterals } from "../../src/faults/read-faults.ts";
import { createEngine, type EngineOptions } from "../../src/mock/daemon/create-engine.ts";
import { populate } from "../../src/mock/daemon/fixtures/populate.ts";
import type { StateLiteral } from "../../src/mock/daemon/fixtures/state-literal.ts";
import { mock, refuseInstead } from "../../src/mock/daemon/mock.ts";
import type { Engine } from "../../src/mock/operations/engine.ts";
import type { Responder } from "../../src/session/call.ts";
import type { Connection, Daemon } from "../../src/session/connection.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { BodyDecoder, resolveResponseFraming } from "../../src/wire/http/body.ts";
import { findFieldValue, parseResponseHead, type ResponseHead } from "../../src/wire/http/head.ts";
import { FrameDecoder } from "../../src/wire/streams/stdcopy.ts";
import { encodeJsonRequest, request } from "./http.ts";
import { Peer } from "./peer.ts";
import { waitForQuiet } from "./quiet.ts";
import { TestClock } from "./test-clock.ts";

export const START = Date.parse("2026-11-20T12:00:00Z");

/** A whole response. */
export interface TestResponse {
  readonly status: number;
  readonly head: ResponseHead;
  readonly text: string;
  /** The text as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON, whose members differ by version
  readonly json: any;
}

/** The initial state and the faults of a daemon. */
export interface InitialState extends StateLiteral {
  readonly faults?: readonly FaultLiteral[];
}

export class MockedDaemon {
  readonly clock = new TestClock();
  readonly engine: Engine;
  readonly faults: unknown[] = [];
  readonly #daemon: Daemon;

  constructor(options: Partial<EngineOptions> = {}, { faults: literals = [], ...state }: InitialState = {}) {
    const onFault = (fault: unknown): void => void this.faults.push(fault);
    this.engine = createEngine({
      engine: "20.10",
      clock: this.clock,
      startMs: START,
      isTicking: true,
      onFault,
      ...options,
    });
    populate(this.engine, state);
    this.#daemon = createDaemon(this.#createFaults(literals), mock(this.engine));
  }

  #createFaults(literals: readonly FaultLiteral[]): Responder {
    return injectFaults(new FaultSet(parseFaultLiterals(literals)), {
      clock: this.clock,
      random: () => 0,
      refuse: (call, status, message) => refuseInstead(call, status, message, this.engine),
    });
  }

  client(): Peer {
    return new Peer(this.connect());
  }

  connect(): Connection {
    const [near, far] = connectionPair();
    this.#daemon(far).catch((fault: unknown) => this.faults.push(fault));
    return near;
  }

  /** Sends a request and reads the whole response. `line`: `POST /v1.41/containers/create`. */
  async asks(line: string, body?: unknown): Promise<TestResponse> {
    return this.#hears(line, body === undefined ? request(line) : encodeJsonRequest(line, body));
  }

  /** Sends a request with headers and a body of bytes. */
  async sends(line: string, how: { headers?: readonly string[]; body?: Buffer }): Promise<TestResponse> {
    return this.#hears(line, request(line, how));
  }

  async #hears(line: string, bytes: Buffer): Promise<TestResponse> {
    const client = this.client();
    await client.sends(bytes);
    await client.closesItsHalf();
    return parseTestResponse(await client.hearsAll(), line);
  }

  /** Creates and starts a container. Returns its id. */
  async runs(script: string, settings: Record<string, unknown> = {}, name = ""): Promise<string> {
    const { json } = await this.asks(`POST /v1.41/containers/create?name=${name}`, {
      Image: "busybox",
      Cmd: ["sh", "-c", script],
      ...settings,
    });
    await this.asks(`POST /v1.41/containers/${json.Id}/start`);
    await waitForQuiet();
    return json.Id;
  }

  /** The output of a container. */
  async readsLogs(id: string, query = "stdout=1&stderr=1"): Promise<string> {
    const { text } = await this.asks(`GET /v1.41/containers/${id}/logs?${query}`);
    return decodeFrames(text);
  }

  /** Lets time pass in small steps, so that a process that sleeps repeatedly wakes each time. */
  async passes(ms: number, step = 100): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      await waitForQuiet();
      this.clock.passes(Math.min(step, left));
    }
    await waitForQuiet();
  }
}

export function parseTestResponse(latin1: string, line: string): TestResponse {
  const bytes = Buffer.from(latin1, "latin1");
  const end = bytes.indexOf("\r\n\r\n") + 4;
  const head = parseResponseHead(bytes.subarray(0, end));
  // A hijacked connection no longer follows the rules of HTTP.
  const text = head.status === 101 ? latin1.slice(end) : decodeBody(head, bytes.subarray(end), line);
  const isJson = findFieldValue(head.fields, "Content-Type") === "application/json";
  return { status: head.status, head, text, json: isJson ? parseJson(text) : undefined };
}

function decodeBody(head: ResponseHead, bytes: Buffer, line: string): string {
  const body = new BodyDecoder(resolveResponseFraming(head, line.split(" ")[0] ?? ""));
  const events = [...body.push(bytes), ...(body.isDone ? [] : body.end())];
  const pieces = events.flatMap((event) => (event.kind === "bytes" ? [event.bytes] : []));
  return Buffer.concat(pieces).toString("latin1");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The contents of the frames, in their order. */
export function decodeFrames(latin1: string): string {
  const frames = new FrameDecoder().push(Buffer.from(latin1, "latin1"));
  return frames.map(({ payload }) => payload.toString("utf8")).join("");
}
