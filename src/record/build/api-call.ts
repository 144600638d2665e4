import { findMethodShape, isUnary, toShortMethod } from "../../cassette/build/call-names.ts";
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import type { GrpcCallStart } from "../../wire/grpc/call-event.ts";
import { findFieldValue } from "../../wire/http/fields.ts";
import { decodeMessage } from "../../wire/protobuf/decode-message.ts";
import type { ProtobufMessage } from "../../wire/protobuf/protobuf-value.ts";
import type { SolveFacts } from "./build-registry.ts";

/** Calls that belong to no build, whatever header they have. */
const READS: ReadonlySet<string> = new Set([
  ...["ListWorkers", "Info", "DiskUsage", "Prune", "ListenBuildHistory", "UpdateBuildHistory"].map(
    (method) => `Control/${method}`,
  ),
  ...["Content/Info", "Content/Read", "LLBBridge/Ping"],
]);
/** What a Solve has that builds something, or that asks a Dockerfile a question (`docker build --check`). */
const BUILDS = ["Frontend", "FrontendAttrs", "Definition", "Exporters"];
const BUILD_HEADER = "buildkit-controlapi-buildid";
const SESSION_HEADER = "x-docker-expose-session-uuid";
/** Names the session that has the files, where it is not the build's own. */
const SHARED_SESSION = /^local-sessionid:/;

/** A call of the client on BuildKit's API, as far as it has come. */
export class ApiCall {
  readonly path: string;
  /** `Control/Solve` */
  readonly method: string;
  readonly #start: GrpcCallStart;
  #request: Buffer = Buffer.alloc(0);

  constructor(start: GrpcCallStart) {
    this.path = start.path;
    this.method = toShortMethod(start.path);
    this.#start = start;
  }

  /** The whole request: of the calls that are recorded each has one message. */
  get request(): Buffer {
    return this.#request;
  }

  get isUnary(): boolean {
    return isUnary(this.method);
  }

  /** Traces of the client's own doings. */
  get isTrace(): boolean {
    return this.method === "TraceService/Export";
  }

  get isTunnel(): boolean {
    return this.method === "Control/Session";
  }

  /** The session that a tunnel serves. */
  get session(): string {
    return findFieldValue(this.#start.fields, SESSION_HEADER) ?? "";
  }

  keepRequest(message: Buffer): void {
    this.#request = Buffer.from(message);
  }

  /**
   * The ref of the build that it belongs to; undefined for a call of its own.
   * @throws WireError `WHALESONG_BAD_PROTOBUF`
   */
  readRef(): string | undefined {
    if (READS.has(this.method)) return undefined;
    const header = findFieldValue(this.#start.fields, BUILD_HEADER);
    if (header !== undefined || this.method !== "Control/Status") return header;
    return String(this.#decode()?.Ref ?? "");
  }

  /**
   * What a Solve says of its build; undefined for other calls.
   * @throws WireError `WHALESONG_BAD_PROTOBUF`
   */
  readSolve(): (SolveFacts & { readonly isProbe: boolean }) | undefined {
    const message = this.method === "Control/Solve" ? this.#decode() : undefined;
    if (message === undefined) return undefined;
    const { Ref = "", Session = "", FrontendAttrs = {} } = message;
    const shared = Object.entries(FrontendAttrs).filter(([name]) => SHARED_SESSION.test(name));
    const isProbe = message.Internal === true && BUILDS.every((field) => message[field] === undefined);
    return { ref: String(Ref), session: String(Session), shared: shared.map(([, id]) => String(id)), isProbe };
  }

  #decode(): ProtobufMessage | undefined {
    const name = findMethodShape(this.method)?.request;
    return name === undefined ? undefined : decodeMessage(BUILDKIT_SCHEMA, name, this.#request);
  }
}
