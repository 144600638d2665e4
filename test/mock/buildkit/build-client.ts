/** A client of BuildKit's control API, as buildx makes its calls. */
import { expect } from "vitest";
import type { Connection } from "../../../src/session/connection.ts";
import { GrpcClient } from "../../../src/session/grpc/grpc-client.ts";
import { serveGrpc } from "../../../src/session/grpc/serve-grpc.ts";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { BUILDKIT_METHODS } from "../../../src/wire/buildkit/services.ts";
import { readRpcStatus } from "../../../src/wire/buildkit/status-details.ts";
import type { GrpcStatus } from "../../../src/wire/grpc/status.ts";
import type { HeaderField } from "../../../src/wire/http/fields.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../src/wire/protobuf/encode-message.ts";
import type { ProtobufMessage } from "../../../src/wire/protobuf/protobuf-value.ts";
import type { MockedDaemon } from "../../playbook/mocked.ts";
import type { ClientSession } from "./client-session.ts";

const CONTROL = "/moby.buildkit.v1.Control/";
const BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge/";

export interface UnaryAnswer {
  readonly status: GrpcStatus;
  readonly answer: ProtobufMessage;
}

export interface BuildOutcome extends UnaryAnswer {
  /** The names of the steps that have completed, with `CACHED ` or `ERROR ` before them. */
  readonly steps: readonly string[];
  /** All that RUN has printed. */
  readonly log: string;
  /** What was warned of, as clients print it. */
  readonly warnings: readonly string[];
  /** What the frontend has returned by name, as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The lines of the Dockerfile that the status blames. */
  readonly blamed: readonly [first: number, last: number] | undefined;
}

export interface BuildRequest {
  readonly options?: Readonly<Record<string, string>>;
  readonly exporter?: { readonly Type: string; readonly Attrs?: Readonly<Record<string, string>> };
}

let count = 0;

export class BuildClient {
  readonly grpc: GrpcClient;
  readonly #docker: MockedDaemon;

  private constructor(docker: MockedDaemon, grpc: GrpcClient) {
    this.#docker = docker;
    this.grpc = grpc;
  }

  static async open(docker: MockedDaemon): Promise<BuildClient> {
    return new BuildClient(docker, new GrpcClient(await upgrade(docker, "POST /grpc")));
  }

  async call(
    method: string,
    request: ProtobufMessage = {},
    metadata: readonly HeaderField[] = [],
  ): Promise<UnaryAnswer> {
    const shape = BUILDKIT_METHODS.get(method);
    const call = this.grpc.call(method, metadata);
    await call.send(shape?.request ? encodeMessage(BUILDKIT_SCHEMA, shape.request, request) : Buffer.alloc(0));
    call.halfClose();
    let answer: ProtobufMessage = {};
    for await (const message of call.messages) {
      if (shape?.response) answer = decodeMessage(BUILDKIT_SCHEMA, shape.response, message);
    }
    return { status: await call.status, answer };
  }

  /** Opens a session of its own, and builds as `docker build` does. */
  async build(session: ClientSession, request: BuildRequest = {}): Promise<BuildOutcome> {
    const id = await openSession(this.#docker, session);
    return this.buildOn(id, request);
  }

  async buildOn(
    session: string,
    { options = {}, exporter = { Type: "moby" } }: BuildRequest = {},
  ): Promise<BuildOutcome> {
    count += 1;
    const Ref = `ref${count}`;
    const own: HeaderField[] = [["buildkit-controlapi-buildid", Ref]];
    const solved = this.call(`${CONTROL}Solve`, { Ref, Session: session, Exporters: [{ Attrs: {}, ...exporter }] });
    const reported = this.#follow(Ref);
    await this.call(`${BRIDGE}Ping`, {}, own);
    const FrontendOpt = { filename: "Dockerfile", ...options };
    const frontend = await this.call(`${BRIDGE}Solve`, { Frontend: "dockerfile.v0", FrontendOpt }, own);
    const { code, message } = frontend.status;
    await this.call(`${BRIDGE}Return`, code === 0 ? { result: {} } : { error: { code, message } }, own);
    const [outcome, report] = await Promise.all([solved, reported]);
    expect(this.#docker.faults).toEqual([]);
    const { metadata = {} } = (frontend.answer.result ?? {}) as { metadata?: Record<string, Buffer> };
    const texts = Object.fromEntries(Object.entries(metadata).map(([name, bytes]) => [name, String(bytes)]));
    return { ...outcome, ...report, metadata: texts, blamed: readBlamedLines(outcome.status) };
  }

  async #follow(Ref: string): Promise<Pick<BuildOutcome, "steps" | "log" | "warnings">> {
    const call = this.grpc.call(`${CONTROL}Status`);
    await call.send(encodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.StatusRequest", { Ref }));
    call.halfClose();
    const steps: string[] = [];
    const logs: string[] = [];
    const warnings: string[] = [];
    for await (const bytes of call.messages) {
      const {
        vertexes = [],
        logs: more = [],
        warnings: found = [],
      } = decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.StatusResponse", bytes);
      for (const vertex of vertexes as readonly ProtobufMessage[]) {
        const mark = vertex.error === undefined ? (vertex.cached === true ? "CACHED " : "") : "ERROR ";
        if (vertex.completed !== undefined) steps.push(`${mark}${vertex.name}`);
      }
      for (const { msg } of more as readonly ProtobufMessage[]) logs.push(String(msg));
      for (const { short } of found as readonly ProtobufMessage[]) warnings.push(String(short));
    }
    expect(await call.status).toEqual({ code: 0, message: "" });
    return { steps, log: logs.join(""), warnings };
  }
}

export async function openSession(docker: MockedDaemon, session: ClientSession): Promise<string> {
  count += 1;
  const id = `session${count}`;
  const connection = await upgrade(docker, "POST /session", `X-Docker-Expose-Session-Uuid: ${id}`);
  void serveGrpc(connection, session.answer, (error) => docker.faults.push(error));
  return id;
}

/** Leaves HTTP/1.1, as buildx does. */
export async function upgrade(docker: MockedDaemon, line: string, ...fields: readonly string[]): Promise<Connection> {
  const connection = docker.connect();
  const head = [`${line} HTTP/1.1`, "Host: ", "Connection: Upgrade", "Upgrade: h2c", ...fields, "", ""];
  void connection.write(Buffer.from(head.join("\r\n")));
  let bytes = Buffer.alloc(0);
  while (!bytes.includes("\r\n\r\n"))
    bytes = Buffer.concat([bytes, (await connection.read()) ?? Buffer.from("\r\n\r\n")]);
  const end = bytes.indexOf("\r\n\r\n") + 4;
  expect(bytes.toString("latin1", 0, end)).toBe(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
  );
  let rest: Buffer | undefined = bytes.subarray(end);
  return {
    ...connection,
    read: async () => {
      const first = rest;
      rest = undefined;
      return first === undefined || first.length === 0 ? connection.read() : first;
    },
    write: (more) => connection.write(more),
    end: () => connection.end(),
    reset: () => connection.reset(),
    closed: connection.closed,
    get isGone() {
      return connection.isGone;
    },
    get isBroken() {
      return connection.isBroken;
    },
  };
}

function readBlamedLines({ details }: GrpcStatus): readonly [number, number] | undefined {
  const source =
    details && readRpcStatus(details).details.find(({ typeUrl }) => typeUrl.endsWith("errdefs.Source+json"));
  if (source === undefined) return undefined;
  const { ranges } = JSON.parse(source.value.toString("utf8"));
  return [ranges[0].start.line, ranges[0].end.line];
}
