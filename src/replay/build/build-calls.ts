/** The calls of one build, or of builds that share a session: those recorded, and what today's clients made of them. */

import { toShortMethod } from "../../cassette/build/call-names.ts";
import { isRootMethod, LLB_RETURN, LLB_SOLVE, SOLVE, STATUS } from "./build-methods.ts";
import type { BuildItem, ClientCall } from "./build-script.ts";
import { CallSlot } from "./call-slot.ts";
import { endRefusedCall, refuseCall } from "./live-call.ts";

export class BuildCalls {
  readonly #slots = new Map<ClientCall, CallSlot>();
  /** What the walk passed without having it. */
  readonly #late = new Set<ClientCall>();

  /** @param toToday a recorded answer to a call of this method as it is sent today */
  constructor(items: readonly BuildItem[], toToday: (method: string, bytes: Buffer) => Buffer) {
    for (const item of items) {
      if (item.kind !== "call" && item.kind !== "answer") continue;
      const { call } = item;
      if (this.#slots.has(call)) continue;
      this.#slots.set(call, new CallSlot(call, (bytes) => toToday(call.method, bytes)));
    }
  }

  find(call: ClientCall): CallSlot {
    const slot = this.#slots.get(call);
    if (slot === undefined) throw new Error(`the build has no call ${call.method}`);
    return slot;
  }

  get slots(): readonly CallSlot[] {
    return [...this.#slots.values()];
  }

  /** The calls on which a build stands: when the client leaves them, it leaves the build. */
  get roots(): readonly CallSlot[] {
    return this.slots.filter(({ call }) => isRootMethod(call.method));
  }

  /** The recorded calls that no client has made yet. */
  get open(): readonly ClientCall[] {
    return this.slots.filter(({ live }) => live === undefined).map(({ call }) => call);
  }

  addLate(call: ClientCall): void {
    this.#late.add(call);
  }

  /** Calls that were not made in time, and have not been made since: `Control/Status`. */
  get late(): readonly string[] {
    return [...this.#late]
      .filter((call) => this.find(call).live === undefined)
      .map(({ method }) => toShortMethod(method));
  }

  /** A build must not succeed before its options were compared: the call that was to bring them and is late. */
  findUnseen({ build }: ClientCall): ClientCall | undefined {
    return this.open.find((call) => call.method === LLB_SOLVE && call.build === build && this.#late.has(call));
  }

  /**
   * Ends a call of a refused build. Solve ends last: a client whose frontend has failed says so by Return, and waits for
   * Solve then.
   * @param waitForLast waits for the client's last call, within a limit
   */
  async refuse(
    slot: CallSlot,
    message: string,
    waitForLast: (arrived: Promise<void>) => Promise<unknown>,
  ): Promise<void> {
    if (slot.call.method !== SOLVE) return slot.finish((live) => endRefusedCall(slot.call.method, live, message));
    const isLast = ({ call }: CallSlot): boolean => call.method === LLB_RETURN && call.build === slot.call.build;
    const last = this.slots.find(isLast);
    if (last !== undefined && slot.live !== undefined) await waitForLast(last.arrived);
    slot.finish((live) => refuseCall(live, message));
  }

  /** Ends a call whose end is not recorded, behind all that is. */
  async endUnfinished(slot: CallSlot, message: string): Promise<void> {
    await slot.answer({ kind: "head" }).catch(() => undefined);
    slot.finish((live) => endRefusedCall(slot.call.method, live, message));
  }

  /** Answers what is left of the Status of cancelled builds: `CANCELED` is in there. */
  async playStatus(items: readonly BuildItem[]): Promise<void> {
    const sent = items.map((item) =>
      item.kind === "answer" && item.call.method === STATUS ? this.find(item.call).answer(item.answer) : undefined,
    );
    await Promise.all(sent);
  }
}
