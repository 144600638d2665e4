/**
 * One build, or several that share a session, on their way to today's clients. The run walks the recorded order: it waits
 * for each call of the client, says each answer of the daemon, and makes each call on the client's session. Each event
 * has its cause before it in that order, so a client that does what was recorded never waits for ever; and for one that
 * does not, every wait has a limit.
 */

import { waitForAbort } from "../../base/abort.ts";
import { toErrorMessage } from "../../base/error-message.ts";
import { CassetteError } from "../../base/errors.ts";
import { waitForTurn } from "../../base/turns.ts";
import { toShortMethod } from "../../cassette/build/call-names.ts";
import { pause } from "../play/tempo.ts";
import { BuildCalls } from "./build-calls.ts";
import type { BuildIds } from "./build-ids.ts";
import { HTTP_BUILD, isRootMethod, SOLVE } from "./build-methods.ts";
import type { BuildPace } from "./build-pace.ts";
import type { BuildGroup, BuildItem, ClientCall, SessionTransfer } from "./build-script.ts";
import type { CallSlot } from "./call-slot.ts";
import { type RunningTransfer, startTransfer } from "./files/run-transfer.ts";
import { type LiveCall, toOneLine } from "./live-call.ts";
import { type WaitLimit, waitWhileProgressing, waitWithin } from "./wait-within.ts";

export interface BuildRunOptions extends BuildPace {
  readonly ids: BuildIds;
  /** Whether a rule leaves out this file of a context. */
  readonly ignoresFile: (path: string) => boolean;
  /** A recorded answer to a call of this method as it is sent today. */
  readonly toToday: (method: string, bytes: Buffer) => Buffer;
  /** The build has been asked for. */
  readonly onBegin: () => void;
  /** Its answer is complete, or its client has left. Called once. */
  readonly onEnd: () => void;
  /** Resolves when a client has looked at what the build has not finished yet, or will not. */
  readonly waitForReads: (gone: Promise<unknown>) => Promise<void>;
  /** Called with the text that the client gets, when it does not do what was recorded. */
  readonly onRefused: (message: string) => void;
}

export class BuildRun {
  readonly group: BuildGroup;
  readonly #options: BuildRunOptions;
  readonly #calls: BuildCalls;
  readonly #transfers = new Map<SessionTransfer, RunningTransfer>();
  readonly #stop = new AbortController();
  #failure: string | undefined;
  /** How many items have had their turn. */
  #turn = 0;
  #isOver = false;
  #isAnswered = false;
  /** With it, the last build of the group is answered. */
  readonly #lastStatus: BuildItem | undefined;

  constructor(group: BuildGroup, options: BuildRunOptions) {
    this.group = group;
    this.#options = options;
    this.#calls = new BuildCalls(group.items, options.toToday);
    this.#lastStatus = group.items.findLast(isBuildStatus);
  }

  /** What the client did not do in time, and has not done since. */
  get late(): readonly string[] {
    return this.#stop.signal.aborted ? [] : this.#calls.late;
  }

  /** The recorded calls that today's client has not made yet. */
  get openCalls(): readonly ClientCall[] {
    return this.#calls.open;
  }

  /** Walks the recorded order to its end. Called once, with the first call of the client. */
  async start(): Promise<void> {
    this.#options.onBegin();
    try {
      for (const item of this.group.items) {
        if (this.#stop.signal.aborted) return;
        this.#turn += 1;
        if (item === this.#lastStatus && !(await this.#finish())) return;
        await this.#take(item);
      }
      for (const { call } of this.#calls.roots) await this.#awaitCancel(call);
    } catch (error) {
      this.#reportFault(error);
    } finally {
      this.#isOver = true;
      this.#noteAnswered();
      if (this.#failure === undefined) this.#endUnfinished(this.#calls.slots);
    }
  }

  /** The client has made a recorded call. */
  async arrive(call: ClientCall, live: LiveCall): Promise<void> {
    const slot = this.#calls.find(call);
    if (isRootMethod(call.method)) live.signal.addEventListener("abort", () => this.#leave(slot), { once: true });
    slot.attach(live);
    if (this.#failure !== undefined) return this.#refuse([slot], this.#failure);
    await slot.sendDue().catch((error: unknown) => this.#reportFault(error));
    // A failure meanwhile has told the reason.
    if (this.#isOver && this.#failure === undefined) this.#endUnfinished([slot]);
  }

  /** Ends the build. The client gets the reason, as one line. */
  fail(reason: string): void {
    this.#failWith(`whalesong: ${reason} (${this.group.place}) [WHALESONG_BUILD_DIFFERS]`);
  }

  // The walk.

  async #take(item: BuildItem): Promise<void> {
    switch (item.kind) {
      case "call":
        if (!(await this.#waitWithin(this.#calls.find(item.call).arrived))) this.#calls.addLate(item.call);
        return;
      case "answer":
        return this.#answer(item);
      case "cancel":
        return this.#awaitCancel(item.call);
      case "transfer":
        return this.#startTransfer(item.transfer);
      case "transferred":
        return this.#awaitTransfer(item.transfer);
      case "wait":
        return pause(item.ms, this.#options.tempo, this.#options.clock, this.#stop.signal);
    }
  }

  /** Played at once, a build is over before its client looks at it. Right before its last answer it counts as answered: resolves with false if the client has left. */
  async #finish(): Promise<boolean> {
    await this.#options.waitForReads(waitForAbort(this.#stop.signal));
    this.#noteAnswered();
    return !this.#stop.signal.aborted;
  }

  #noteAnswered(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#options.onEnd();
  }

  async #answer({ call, answer }: BuildItem & { readonly kind: "answer" }): Promise<void> {
    const unseen = call.method === SOLVE && answer.kind !== "head" ? this.#calls.findUnseen(call) : undefined;
    if (unseen !== undefined) return this.fail(`the client did not call ${toShortMethod(unseen.method)}`);
    if (call.method === HTTP_BUILD && answer.kind === "status") await this.#awaitSession(call);
    const sent = this.#calls.find(call).answer(answer);
    // A client that does not read holds nothing up.
    if (await this.#waitWithin(sent)) await sent;
  }

  /** CLI 20.10 hangs where its build ends before its session stands. */
  async #awaitSession({ request }: ClientCall): Promise<void> {
    const { ids, sessions } = this.#options;
    const { Session: session } = request as { readonly Session?: string };
    const id = session === undefined ? undefined : ids.findToday(session);
    if (id !== undefined) await this.#waitWithin(sessions.waitFor(id));
    await waitForTurn();
  }

  async #startTransfer(transfer: SessionTransfer): Promise<void> {
    const { ids, sessions, ignoresFile } = this.#options;
    const id = ids.findToday(transfer.session);
    const session = id === undefined ? new Promise<never>(() => undefined) : sessions.waitFor(id);
    const hasCome = await this.#waitWithin(session);
    if (this.#stop.signal.aborted) return;
    if (!hasCome) return this.fail("the client did not open the session of its build");
    const metadata = transfer.metadata.map(([name, value]) => [name, ids.toToday(value)] as const);
    const running = startTransfer(await session, transfer, { metadata, ignoresFile });
    this.#transfers.set(transfer, running);
    running.outcome.then(
      (failure) => failure !== undefined && this.fail(failure),
      (error: unknown) => this.#reportFault(error),
    );
  }

  async #awaitTransfer(transfer: SessionTransfer): Promise<void> {
    const running = this.#transfers.get(transfer);
    if (running === undefined) return;
    const isOver = await waitWhileProgressing(
      running.outcome,
      () => running.progress.mark,
      this.#limit(this.#options.limits.transfer),
    );
    if (isOver || this.#stop.signal.aborted) return;
    const seconds = this.#options.limits.transfer / 1000;
    this.fail(`the client sent nothing for ${seconds} s in ${toShortMethod(transfer.method)}`);
  }

  /** In the recording the client gave the call up here, and this client will. */
  async #awaitCancel(call: ClientCall): Promise<void> {
    const { live, isEnded } = this.#calls.find(call);
    if (live === undefined || isEnded) return;
    await this.#waitWithin(waitForAbort(live.signal), this.#options.limits.leave);
  }

  // How a build ends otherwise.

  /** The client has given up the call on which its build stands, or is gone. */
  #leave(slot: CallSlot): void {
    if (slot.isEnded || this.#failure !== undefined) return;
    slot.isEnded = true;
    if (!this.#calls.roots.every(({ live, isEnded }) => live === undefined || isEnded)) return;
    this.#stopWalk();
    const isRecorded = this.group.items.some(({ kind }) => kind === "cancel");
    const rest = isRecorded ? this.group.items.slice(this.#turn) : [];
    this.#calls.playStatus(rest).catch((error: unknown) => this.#reportFault(error));
  }

  #failWith(text: string): void {
    if (this.#failure !== undefined || this.#isOver) return;
    const message = toOneLine(text);
    this.#failure = message;
    this.#options.onRefused(message);
    this.#stopWalk();
    this.#refuse(this.#calls.slots, message);
  }

  #reportFault(error: unknown): void {
    if (error instanceof CassetteError) {
      this.#options.onProblem(error);
      this.#failWith(`whalesong: ${error.message} [${error.code}]`);
    } else {
      this.fail(toErrorMessage(error));
    }
  }

  #stopWalk(): void {
    this.#stop.abort();
    for (const running of this.#transfers.values()) running.cancel();
  }

  #refuse(slots: readonly CallSlot[], message: string): void {
    const { clock, limits } = this.#options;
    for (const slot of slots) {
      const signal = slot.live?.signal ?? this.#stop.signal;
      void this.#calls.refuse(slot, message, (last) => waitWithin(last, { ms: limits.refusal, clock, signal }));
    }
  }

  #endUnfinished(slots: readonly CallSlot[]): void {
    const reason = "the recording ends before this call was answered";
    const message = `whalesong: ${reason} (${this.group.place}) [WHALESONG_BUILD_DIFFERS]`;
    for (const slot of slots) void this.#calls.endUnfinished(slot, message);
  }

  #waitWithin(promise: Promise<unknown>, ms?: number): Promise<boolean> {
    return waitWithin(promise, this.#limit(ms));
  }

  #limit(ms: number = this.#options.limits.step): WaitLimit {
    return { ms, clock: this.#options.clock, signal: this.#stop.signal };
  }
}

function isBuildStatus(item: BuildItem): boolean {
  return item.kind === "answer" && item.answer.kind === "status" && isRootMethod(item.call.method);
}
