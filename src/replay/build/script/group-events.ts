/** Turns the events of a build's document into the items that a run walks. */
import { findMethodShape } from "../../../cassette/build/call-names.ts";
import { encodeBuildProgress } from "../../../cassette/build/progress-message.ts";
import type { BuildEvent, RecordedMessage, RecordedStatus } from "../../../cassette/build-model.ts";
import type { ReadSidecar } from "../../../cassette/sidecar-ref.ts";
import { BUILDKIT_SCHEMA } from "../../../wire/buildkit/buildkit-schema.ts";
import { BUILDKIT_METHODS } from "../../../wire/buildkit/services.ts";
import { encodeRpcStatus } from "../../../wire/buildkit/status-details.ts";
import type { GrpcStatus } from "../../../wire/grpc/status.ts";
import { findFieldValue } from "../../../wire/http/fields.ts";
import { encodeMessage } from "../../../wire/protobuf/encode-message.ts";
import type { JsonMessageValue } from "../../../wire/protobuf/json-message.ts";
import { HTTP_BUILD, STATUS } from "../build-methods.ts";
import type { BuildItem, ClientCall, DaemonAnswer, RecordedContent, SessionTransfer } from "../build-script.ts";
import type { DocumentIds } from "./placeholders.ts";
import { createTransferContent, toFileContent } from "./transfer-content.ts";
import type { TreeMemory } from "./tree-memory.ts";

/** What the events of one document are read with. */
export interface EventContext {
  readonly ids: DocumentIds;
  readonly read: ReadSidecar;
  /** Nanoseconds since 1970: when the build begins. Clients shift all times to now. */
  readonly base: bigint;
  readonly memory: TreeMemory;
  /** The call of `POST /build`; undefined where the build is made by Control/Solve. */
  readonly httpCall: ClientCall | undefined;
}

const OK: GrpcStatus = { code: 0, message: "" };
const CRLF = Buffer.from("\r\n");
const FULL_NAMES: ReadonlyMap<string, string> = new Map(
  [...BUILDKIT_METHODS.keys()].map((path) => [path.slice(path.lastIndexOf(".") + 1), path]),
);
const TRANSFERS = { sync: "FileSync/DiffCopy", upload: "Upload/Pull", export: "FileSend/DiffCopy" } as const;

export function createBuildItems(events: readonly BuildEvent[], context: EventContext): readonly BuildItem[] {
  const reading = new EventReading(events, context);
  const first: BuildItem[] = context.httpCall === undefined ? [] : [{ kind: "call", call: context.httpCall }];
  return [...first, ...events.flatMap((event) => reading.read(event))];
}

class EventReading {
  readonly #context: EventContext;
  readonly #calls = new Map<string, ClientCall>();
  readonly #transfers = new Map<string, SessionTransfer>();
  /** By the names of the transfers: what each of them moved stands at its end. */
  readonly #ends = new Map<string, BuildEvent & { readonly kind: "transferred" }>();

  constructor(events: readonly BuildEvent[], context: EventContext) {
    this.#context = context;
    for (const event of events) if (event.kind === "transferred") this.#ends.set(event.as, event);
  }

  read(event: BuildEvent): readonly BuildItem[] {
    switch (event.kind) {
      case "call":
        return [{ kind: "call", call: this.#beginCall(event) }];
      case "answer":
        return this.#readAnswer(event);
      case "progress":
        return [this.#answer(event.build, "Control/Status", this.#encodeProgress(event))];
      case "end":
        return [this.#answer(event.build, event.method, { kind: "status", status: toGrpcStatus(event.status) })];
      case "cancel":
        return [{ kind: "cancel", call: this.#findCall(event.build, event.method) }];
      case "line":
        return [this.#answer(1, HTTP_BUILD, { kind: "message", bytes: Buffer.concat([event.json, CRLF]) })];
      case "response-end":
        return [this.#answer(1, HTTP_BUILD, { kind: "status", status: OK })];
      case "transfer":
        return [{ kind: "transfer", transfer: this.#beginTransfer(event) }];
      case "transferred": {
        const transfer = this.#transfers.get(event.as);
        return transfer === undefined ? [] : [{ kind: "transferred", transfer }];
      }
      case "wait":
        return [event];
      // A replay asks for no secrets. A cut recording ends there: what is open stays open until the client goes.
      case "secret":
      case "cut":
        return [];
    }
  }

  #beginCall({ build, method, message }: BuildEvent & { readonly kind: "call" }): ClientCall {
    const path = FULL_NAMES.get(method) ?? `/${method}`;
    const call = { method: path, build: this.#context.ids.getRef(build), request: this.#toJson(message, path) };
    this.#calls.set(`${build} ${method}`, call);
    return call;
  }

  /** The latest call of this name. One that the recording does not have was under way before it began. */
  #findCall(build: number, method: string): ClientCall {
    const { httpCall } = this.#context;
    if (httpCall !== undefined) return httpCall;
    return this.#calls.get(`${build} ${method}`) ?? this.#beginCall({ kind: "call", build, method });
  }

  #answer(build: number, method: string, answer: DaemonAnswer): BuildItem {
    return { kind: "answer", call: this.#findCall(build, method), answer };
  }

  #readAnswer({ build, method, message, isLast }: BuildEvent & { readonly kind: "answer" }): readonly BuildItem[] {
    const bytes = encodeRecordedMessage(message, findMethodShape(method)?.response, this.#context);
    const answer = this.#answer(build, method, { kind: "message", bytes });
    return isLast ? [answer, this.#answer(build, method, { kind: "status", status: OK })] : [answer];
  }

  #encodeProgress({ progress }: BuildEvent & { readonly kind: "progress" }): DaemonAnswer {
    const bytes = encodeBuildProgress(progress, this.#context.base);
    return { kind: "message", bytes: this.#context.httpCall === undefined ? bytes : encodeTrace(bytes) };
  }

  #beginTransfer({ transfer, as, session, metadata }: BuildEvent & { readonly kind: "transfer" }): SessionTransfer {
    const { ids, read, memory } = this.#context;
    const end = this.#ends.get(as);
    const content = createTransferContent(transfer, end?.content ?? { kind: "tree", entries: [] }, read);
    const name = findFieldValue(metadata, "dir-name") ?? "";
    const begun: SessionTransfer = {
      session: ids.getSession(session),
      method: FULL_NAMES.get(TRANSFERS[transfer]) ?? "",
      metadata: metadata.map(([field, value]) => [field, ids.fill(value)]),
      content: content.kind === "take-files" ? memory.complete(name, content) : content,
      ...(end === undefined || end.problem !== undefined ? { hasFailed: true } : {}),
    };
    this.#transfers.set(as, begun);
    return begun;
  }

  #toJson(message: RecordedMessage | undefined, path: string): JsonMessageValue {
    return message === undefined || !("json" in message) || path === STATUS
      ? {}
      : this.#context.ids.fillMessage(message.json);
  }
}

/** A line of `POST /build`'s response. */
function encodeTrace(status: Buffer): Buffer {
  return Buffer.from(`${JSON.stringify({ id: "moby.buildkit.trace", aux: status.toString("base64") })}\r\n`);
}

/** @param type the message's full name; undefined where it is not known, and then it is not JSON */
export function encodeRecordedMessage(
  message: RecordedMessage,
  type: string | undefined,
  { ids, read }: Pick<EventContext, "ids" | "read">,
): Buffer | RecordedContent {
  if ("bytes" in message) return message.bytes;
  if ("file" in message) return toFileContent(message.file, read);
  return encodeMessage(
    BUILDKIT_SCHEMA,
    type ?? "",
    ids.fillMessage(message.json) as Parameters<typeof encodeMessage>[2],
  );
}

export function toGrpcStatus({ code, message, details }: RecordedStatus): GrpcStatus {
  if (details.length === 0) return { code, message };
  return { code, message, details: encodeRpcStatus({ code, message, details }) };
}
