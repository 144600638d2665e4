import type { GrpcStatus } from "../../wire/grpc/status.ts";
import type { BuildHappening } from "../decode/build-happening.ts";
import type { ApiCall } from "./api-call.ts";
import type { BuildOwner, BuildRegistry, KnownBuild } from "./build-registry.ts";
import type { ReadCall } from "./read-call.ts";

interface Delayed {
  readonly happening: (build: number, method: string) => BuildHappening;
  readonly at: number;
}

/** More is not kept of a call whose build never comes. */
const DELAYED_LIMIT = 10_000;

/** A call of a build. What happens in it before its build is known is told when it is. */
export class BuildCall {
  readonly #call: ApiCall;
  readonly #registry: BuildRegistry;
  #owner: BuildOwner | undefined;
  #delayed: Delayed[] = [];
  /** A unary call's answer waits for the status behind it. */
  #answer: Buffer | undefined;
  /** Of a stream whose build is not known. */
  readonly #answers: Buffer[] = [];
  #isEnded = false;

  constructor(call: ApiCall, registry: BuildRegistry) {
    this.#call = call;
    this.#registry = registry;
  }

  get isOwned(): boolean {
    return this.#owner !== undefined;
  }

  get build(): KnownBuild | undefined {
    return this.#owner === "probe" ? undefined : this.#owner;
  }

  begin(at: number): void {
    this.#tell((build, method) => ({ kind: "call", build, method, message: this.#call.request }), at);
  }

  own(owner: BuildOwner): void {
    if (this.#isEnded) return;
    this.#owner = owner;
    if (owner === "probe") this.#delayed = [];
    else owner.group.beginCall();
    const delayed = this.#delayed;
    this.#delayed = [];
    for (const { happening, at } of delayed) this.#tell(happening, at);
  }

  /** No build has come for it: it is a call of its own, such as a look at an old build's log. */
  toRead(read: ReadCall): ReadCall {
    this.#isEnded = true;
    for (const answer of [...this.#answers, ...(this.#answer === undefined ? [] : [this.#answer])]) read.answer(answer);
    return read;
  }

  answer(message: Buffer, at: number): void {
    if (!this.isOwned && !this.#call.isUnary) this.#answers.push(message);
    if (this.#call.isUnary) this.#answer = Buffer.from(message);
    else this.#tell((build, method) => ({ kind: "answer", build, method, message, isLast: false }), at);
  }

  end(status: GrpcStatus, at: number): void {
    if (this.#isEnded) return;
    const message = status.code === 0 ? this.#answer : undefined;
    if (message === undefined) this.#tell((build, method) => ({ kind: "end", build, method, status }), at);
    else this.#tell((build, method) => ({ kind: "answer", build, method, message, isLast: true }), at);
    this.#finish(at);
  }

  cancel(at: number): void {
    if (this.#isEnded) return;
    this.#tell((build, method) => ({ kind: "cancel", build, method }), at);
    this.#finish(at);
  }

  #finish(at: number): void {
    this.#isEnded = true;
    if (this.isOwned) this.#settle(at);
  }

  #settle(at: number): void {
    if (this.build === undefined) return;
    this.build.group.endCall();
    this.#registry.settle(this.build.group, at);
  }

  #tell(happening: Delayed["happening"], at: number): void {
    if (this.#owner === undefined) {
      if (this.#delayed.length < DELAYED_LIMIT) this.#delayed.push({ happening, at });
      return;
    }
    if (this.#owner === "probe") return;
    this.#owner.group.tell(happening(this.#owner.number, this.#call.method), at);
  }
}
