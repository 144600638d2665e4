/** BuildKit's control API on one connection: each method, and the builds that the connection's calls belong to. */
import { GrpcClient } from "../../../../../session/grpc/grpc-client.ts";
import type { GrpcServerCall } from "../../../../../session/grpc/serve-grpc.ts";
import { toTunnelConnection } from "../../../../../session/grpc/tunnel-connection.ts";
import { BUILDKIT_SCHEMA } from "../../../../../wire/buildkit/buildkit-schema.ts";
import { BUILDKIT_METHODS } from "../../../../../wire/buildkit/services.ts";
import { toGrpcStatusCode } from "../../../../../wire/grpc/status.ts";
import { findFieldValue } from "../../../../../wire/http/fields.ts";
import { decodeMessage } from "../../../../../wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../../../wire/protobuf/encode-message.ts";
import type { ProtobufMessage } from "../../../../../wire/protobuf/protobuf-value.ts";
import { getBuilder, pruneBuilder } from "../../../../operations/buildkit/buildkit-builder.ts";
import type { AttributeMap } from "../../../../operations/buildkit/solve-options.ts";
import type { Engine } from "../../../../operations/engine.ts";
import { ControlBuild } from "./control-build.ts";
import { listenToHistory, updateHistory } from "./history-calls.ts";
import { readReturnedError, readSolveRequest } from "./read-solve.ts";

const CONTROL = "/moby.buildkit.v1.Control/";
const BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge/";
const TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const BUILD_ID = "buildkit-controlapi-buildid";
const SESSION_ID = "x-docker-expose-session-uuid";
/** What dockerd 28 says (its own build leaves the version out). */
const VERSION = { package: "github.com/moby/buildkit", version: "v0.0.0+unknown" };
const PLATFORMS = [
  { Architecture: "amd64", OS: "linux" },
  { Architecture: "amd64", OS: "linux", Variant: "v2" },
  { Architecture: "amd64", OS: "linux", Variant: "v3" },
  { Architecture: "386", OS: "linux" },
];
/** Without `return` a client waits for ever: it does not say that it is done. */
const CAPABILITIES = ["frontend.caps", "gateway.solve.metadata", "return"].map((ID) => ({ ID, Enabled: true }));

type MethodHandler = (call: GrpcServerCall, request: ProtobufMessage) => Promise<void>;

export class ControlService {
  readonly #engine: Engine;
  readonly #builds = new Map<string, ControlBuild>();
  readonly #methods: ReadonlyMap<string, MethodHandler>;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#methods = new Map<string, MethodHandler>([
      [`${CONTROL}ListWorkers`, async (call) => sendAnswer(call, { record: [this.#describeWorker()] })],
      [`${CONTROL}Info`, async (call) => sendAnswer(call, { buildkitVersion: VERSION })],
      [`${CONTROL}DiskUsage`, async (call) => sendAnswer(call, {})],
      [`${CONTROL}Prune`, async (call) => this.#prune(call)],
      [`${CONTROL}ListenBuildHistory`, (call, request) => listenToHistory(engine, call, request)],
      [`${CONTROL}UpdateBuildHistory`, (call, request) => this.#updateHistory(call, request)],
      [`${CONTROL}Solve`, (call, request) => this.#solve(call, request)],
      [`${CONTROL}Status`, (call, { Ref = "" }) => this.#report(call, String(Ref))],
      [`${BRIDGE}Ping`, async (call) => sendAnswer(call, { FrontendAPICaps: CAPABILITIES })],
      [`${BRIDGE}Solve`, (call, request) => this.#runFrontend(call, request)],
      [`${BRIDGE}Return`, (call, request) => this.#finish(call, request)],
    ]);
  }

  async answer(call: GrpcServerCall): Promise<void> {
    if (call.method === `${CONTROL}Session`) return this.#holdTunnel(call);
    let message: Buffer = Buffer.alloc(0);
    for await (const one of call.messages) message = one;
    if (call.method === TRACES) {
      await call.send(Buffer.alloc(0));
      return call.end();
    }
    const handle = this.#methods.get(call.method);
    const request = BUILDKIT_METHODS.get(call.method)?.request;
    if (handle === undefined || request === undefined) return refuseCall(call);
    await handle(call, decodeMessage(BUILDKIT_SCHEMA, request, message));
  }

  /** The connection is gone: its builds stop. */
  close(): void {
    for (const build of this.#builds.values()) build.leave();
  }

  #describeWorker(): ProtobufMessage {
    return { ID: this.#engine.daemonId, platforms: PLATFORMS, BuildkitVersion: VERSION };
  }

  #prune(call: GrpcServerCall): void {
    pruneBuilder(getBuilder(this.#engine));
    call.end();
  }

  async #updateHistory(call: GrpcServerCall, request: ProtobufMessage): Promise<void> {
    updateHistory(this.#engine, request);
    await sendAnswer(call, {});
  }

  async #solve(call: GrpcServerCall, message: ProtobufMessage): Promise<void> {
    const request = readSolveRequest(message);
    const outcome = await this.#findBuild(request.ref).solve(request);
    if ("status" in outcome) return call.end(outcome.status);
    const { response } = outcome;
    await sendAnswer(call, Object.keys(response).length === 0 ? {} : { ExporterResponse: response });
  }

  async #report(call: GrpcServerCall, ref: string): Promise<void> {
    call.sendHead();
    const { job } = this.#builds.get(ref) ?? {};
    const record = job ?? getBuilder(this.#engine).history.find(ref) ?? this.#findBuild(ref).job;
    await record.progress.follow((message) => void call.send(message));
    call.end();
  }

  async #runFrontend(call: GrpcServerCall, { Frontend = "", FrontendOpt = {} }: ProtobufMessage): Promise<void> {
    const build = this.#findBuild(toBuildRef(call));
    const { failure, metadata } = await build.runFrontend(String(Frontend), FrontendOpt as AttributeMap);
    if (failure !== undefined) return call.end(failure);
    const ref = { id: this.#engine.random.drawId("build result").slice(0, 25) };
    await sendAnswer(call, { result: Object.keys(metadata).length === 0 ? { ref } : { ref, metadata } });
  }

  async #finish(call: GrpcServerCall, request: ProtobufMessage): Promise<void> {
    await sendAnswer(call, {});
    await this.#findBuild(toBuildRef(call)).finish(readReturnedError(request));
  }

  /** Holds the session of `buildx bake`: its bytes travel as messages of this call. */
  async #holdTunnel(call: GrpcServerCall): Promise<void> {
    const client = new GrpcClient(toTunnelConnection(call));
    getBuilder(this.#engine).sessions.add(findFieldValue(call.metadata, SESSION_ID) ?? "", client);
    await client.closed;
  }

  /** Status and LLBBridge calls may come before their Solve. */
  #findBuild(ref: string): ControlBuild {
    const build = this.#builds.get(ref) ?? new ControlBuild(this.#engine, ref);
    this.#builds.set(ref, build);
    return build;
  }
}

function toBuildRef({ metadata }: GrpcServerCall): string {
  return findFieldValue(metadata, BUILD_ID) ?? "";
}

async function sendAnswer(call: GrpcServerCall, answer: ProtobufMessage): Promise<void> {
  const { response } = BUILDKIT_METHODS.get(call.method) ?? {};
  await call.send(response === undefined ? Buffer.alloc(0) : encodeMessage(BUILDKIT_SCHEMA, response, answer));
  call.end();
}

/** As grpc-go refuses what a server does not have. */
function refuseCall(call: GrpcServerCall): void {
  const [, service = "", method = ""] = call.method.split("/");
  const message = `unknown method ${method} for service ${service}`;
  call.end({ code: toGrpcStatusCode("UNIMPLEMENTED"), message });
}
