/** BuildKit's control API as a replay serves it: finds out which recorded build a call belongs to, and what answers it. */
import { CassetteError, WireError } from "../../base/errors.ts";
import type { Connection } from "../../session/connection.ts";
import { GrpcClient } from "../../session/grpc/grpc-client.ts";
import { type GrpcServerCall, serveGrpc } from "../../session/grpc/serve-grpc.ts";
import { toTunnelConnection } from "../../session/grpc/tunnel-connection.ts";
import { toGrpcStatusCode } from "../../wire/grpc/status.ts";
import { findFieldValue } from "../../wire/http/fields.ts";
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import type { Miss } from "../miss.ts";
import type { BuildDeck } from "./build-deck.ts";
import { EXPORT_TRACES, isBuildMethod, LLB_SOLVE, SESSION, SOLVE, STATUS } from "./build-methods.ts";
import { createBuildMiss, createUnrecordedMiss } from "./build-misses.ts";
import type { BuildPace } from "./build-pace.ts";
import type { BuilderRead } from "./build-script.ts";
import { loadBytes } from "./call-slot.ts";
import { findRecordedCall, type TakenBuild, verifyOptions } from "./find-call.ts";
import { decodeRequest, findBuildRef, readRequest } from "./grpc-request.ts";
import { answerEmpty, endRefusedCall, toOneLine } from "./live-call.ts";
import { isProbe, ProbeBuild } from "./probe-build.ts";
import { type BuildOutcome, TodayBuilds } from "./today-builds.ts";
import { type WaitLimit, waitWithin } from "./wait-within.ts";

/** What a connection's calls are answered from. */
export interface BuildSource {
  /** In the order in which they are searched. */
  readonly decks: () => readonly BuildDeck[];
  readonly onMiss: (miss: Miss) => void;
}

type TakenOutcome = Exclude<BuildOutcome, { readonly kind: "probe" }>;

const SESSION_ID = "x-docker-expose-session-uuid";

export class BuildService {
  readonly #pace: BuildPace;
  readonly #builds = new TodayBuilds();

  constructor(pace: BuildPace) {
    this.#pace = pace;
  }

  /** Serves a client's connection until it closes. */
  async serve(connection: Connection, source: BuildSource): Promise<void> {
    const refs = new Set<string>();
    await serveGrpc(
      connection,
      (call) => this.#answer(call, source, refs),
      (error) => this.#reportFault(error),
    );
    for (const ref of refs) this.#builds.forget(ref);
  }

  /** Keeps a client's session until it closes. */
  async holdSession(id: string, connection: Connection): Promise<void> {
    const client = new GrpcClient(connection);
    this.#pace.sessions.add(id, client);
    await client.closed;
  }

  async #answer(call: GrpcServerCall, source: BuildSource, refs: Set<string>): Promise<void> {
    if (call.method === SESSION) {
      return this.holdSession(findFieldValue(call.metadata, SESSION_ID) ?? "", toTunnelConnection(call));
    }
    const message = await readRequest(call, this.#limit(call));
    if (call.method === EXPORT_TRACES) return answerEmpty(call);
    const request = decodeRequest(call.method, message);
    if (request === undefined) return refuseUnrecorded(call, source);
    if (!isBuildMethod(call.method)) return answerRead(call, request, source);
    const ref = findBuildRef(call, request);
    if (call.method === STATUS && !this.#builds.has(ref) && (await answerLookBack(call, request, source))) return;
    refs.add(ref);
    if (call.method === SOLVE) return this.#beginBuild(call, request, ref, source);
    return this.#continueBuild(call, request, ref, source);
  }

  async #beginBuild(call: GrpcServerCall, request: JsonMessageValue, ref: string, source: BuildSource): Promise<void> {
    const build = this.#builds.findOrCreate(ref);
    if (isProbe(request)) {
      const probe = new ProbeBuild();
      build.resolve({ kind: "probe", probe });
      return probe.answer(SOLVE, call, this.#limit(call));
    }
    const taken = this.#takeSolve(source, request);
    build.resolve(taken);
    if (taken.kind === "played") return taken.run.arrive(taken.call, call);
    endRefusedCall(SOLVE, call, taken.message);
  }

  #takeSolve(source: BuildSource, request: JsonMessageValue): TakenOutcome {
    try {
      const taken = takeSolve(source.decks(), request, this.#pace);
      if (taken !== undefined) return { kind: "played", ...taken };
      const miss = createBuildMiss(source.decks(), request);
      source.onMiss(miss);
      return { kind: "refused", message: miss.message };
    } catch (error) {
      // The documents of builds are parsed with the first one that is asked for.
      if (!(error instanceof CassetteError)) throw error;
      this.#pace.onProblem(error);
      return { kind: "refused", message: toOneLine(`whalesong: ${error.message} [${error.code}]`) };
    }
  }

  /** A call that comes before its Solve waits for it, and fails with it. */
  async #continueBuild(
    call: GrpcServerCall,
    request: JsonMessageValue,
    ref: string,
    source: BuildSource,
  ): Promise<void> {
    const { method } = call;
    const build = this.#builds.findOrCreate(ref);
    if (!(await waitWithin(build.outcome, this.#limit(call)))) return refuseWithoutSolve(call, ref, source);
    const outcome = await build.outcome;
    if (outcome.kind === "probe") return outcome.probe.answer(method, call, this.#limit(call));
    if (outcome.kind === "refused") return endRefusedCall(method, call, outcome.message);
    const recorded = findRecordedCall(outcome, method, request);
    if (recorded === undefined) return answerRead(call, request, source);
    if (method === LLB_SOLVE) verifyOptions(outcome, recorded, request);
    return outcome.run.arrive(recorded, call);
  }

  #limit({ signal }: GrpcServerCall): WaitLimit {
    return { ms: this.#pace.limits.step, clock: this.#pace.clock, signal };
  }

  /** A client that sends what is no message gets a status, and that is all. */
  #reportFault(error: unknown): void {
    if (!(error instanceof WireError)) this.#pace.onProblem(error);
  }
}

function takeSolve(decks: readonly BuildDeck[], request: JsonMessageValue, pace: BuildPace): TakenBuild | undefined {
  for (const deck of decks) {
    const taken = deck.takeSolve(request, pace);
    if (taken !== undefined) return { deck, ...taken };
  }
  return undefined;
}

/** Answers a call that changes nothing; one that no cassette has is one that this daemon does not know. */
async function answerRead(call: GrpcServerCall, request: JsonMessageValue, source: BuildSource): Promise<void> {
  for (const deck of source.decks()) {
    const read = deck.selectRead(call.method, request);
    if (read !== undefined) return playRead(call, read, deck);
  }
  return refuseUnrecorded(call, source);
}

/** Answers a look at the log of a build that is over, if it is recorded: until its Solve has come, no build has this Ref. */
async function answerLookBack(call: GrpcServerCall, request: JsonMessageValue, source: BuildSource): Promise<boolean> {
  for (const deck of source.decks()) {
    const read = selectLookBack(deck, call.method, request);
    if (read === undefined) continue;
    await playRead(call, read, deck);
    return true;
  }
  return false;
}

/** A cassette that proves faulty here is reported with the Solve, which may come later than the Status of its build. */
function selectLookBack(deck: BuildDeck, method: string, request: JsonMessageValue): BuilderRead | undefined {
  try {
    return deck.selectLookBack(method, request);
  } catch (error) {
    if (!(error instanceof CassetteError)) throw error;
    return undefined;
  }
}

async function playRead(call: GrpcServerCall, { method, answers }: BuilderRead, deck: BuildDeck): Promise<void> {
  for (const answer of answers) {
    if (answer.kind === "head") call.sendHead();
    else if (answer.kind === "status") call.end(answer.status);
    else {
      const bytes = await loadBytes(answer.bytes);
      await call.send(deck.toToday(method, bytes));
    }
  }
}

function refuseUnrecorded(call: GrpcServerCall, { onMiss }: BuildSource): void {
  const miss = createUnrecordedMiss(call.method);
  onMiss(miss);
  call.end({ code: toGrpcStatusCode("UNIMPLEMENTED"), message: miss.message });
}

/** A look at the log of a build that was not recorded, or a part of a build whose client did not begin it. */
function refuseWithoutSolve(call: GrpcServerCall, ref: string, { onMiss }: BuildSource): void {
  // A client that has left misses nothing: its build ended before it began.
  if (!call.signal.aborted) onMiss(createUnrecordedMiss(call.method));
  endRefusedCall(call.method, call, `whalesong: no Control/Solve came for the build ${ref} [WHALESONG_BUILD_DIFFERS]`);
}
