import { createHash } from "node:crypto";
import type { GrpcStatus } from "../../wire/grpc/status.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import type { RecordEvent } from "../decode/record-event.ts";
import type { ApiCall } from "./api-call.ts";

/** A larger answer is not recorded. */
const ANSWER_LIMIT = 16 * 1024 * 1024;

/** Which reads were answered how: the same answer again is no news. */
export class ReadMemory {
  readonly #answers = new Map<string, string>();

  /** Returns whether the answer differs from the last one to the same request. */
  note({ path, request }: ApiCall, answers: readonly Buffer[], status: GrpcStatus): boolean {
    const key = `${path} ${request.toString("base64")}`;
    const hash = createHash("sha256").update(`${status.code} ${status.message}\n`);
    for (const answer of answers) hash.update(`${answer.length}\n`).update(answer);
    const digest = hash.digest("hex");
    const isNews = this.#answers.get(key) !== digest;
    this.#answers.set(key, digest);
    return isNews;
  }
}

/** A call that belongs to no build: an exchange of its own, told as a whole when it has ended. */
export class ReadCall {
  readonly #call: ApiCall;
  readonly #memory: ReadMemory;
  readonly #answers: Buffer[] = [];
  #size = 0;

  constructor(call: ApiCall, memory: ReadMemory) {
    this.#call = call;
    this.#memory = memory;
  }

  get hasAnswers(): boolean {
    return this.#size > 0;
  }

  answer(message: Buffer): void {
    this.#size += message.length;
    if (this.#size <= ANSWER_LIMIT) this.#answers.push(Buffer.from(message));
  }

  /** The exchange's events; none where its answer is no news, or too large. */
  end(status: GrpcStatus, at: number, nextConnection: () => number): RecordEvent[] {
    const isNews = this.#memory.note(this.#call, this.#answers, status);
    const { path } = this.#call;
    const operation = parseOperation("GRPC", path);
    if (this.#size > ANSWER_LIMIT || (operation.name === "BuildRead" && !isNews)) return [];
    const place = { connection: nextConnection(), exchange: 0, at };
    const head = { method: "GRPC", target: path, version: "HTTP/1.1", fields: [] } as const;
    const read = { request: this.#call.request, answers: this.#answers, status };
    return [
      { ...place, kind: "request-head", head, operation },
      { ...place, kind: "request-end" },
      { ...place, kind: "buildkit-read", read },
      { ...place, kind: "response-end" },
    ];
  }
}
