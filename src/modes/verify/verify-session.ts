/** Plays the requests of a cassette to a live daemon, in their order, and compares what it answers with the recording. */
import type { Exchange } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { toAnswerContent } from "../../compare/answer-content.ts";
import { listExchangeNames } from "../../compare/exchange-names.ts";
import { GRADES, type GradedDifference, gradeAnswers } from "../../compare/grade-differences.ts";
import { restoreExchange } from "../../compare/restore-exchange.ts";
import { collectClientValues } from "../../compare/session-values.ts";
import type { ComparedRecording } from "../../match/suggest.ts";
import type { Connect } from "../../record/relay.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import { LiveValues } from "./live-values.ts";
import { readVersionRefusal } from "./older-daemon.ts";
import type { PlannedRequest, VerifyPlan } from "./plan-requests.ts";
import { type RecordedLiveRequest, sendRecorded } from "./record-request.ts";
import { MadeOnDaemon } from "./remove-made.ts";

/** An exchange that was played to the live daemon. */
export interface VerifiedExchange {
  readonly entry: CassetteEntry;
  readonly differences: readonly GradedDifference[];
}

export interface VerifySessionOptions {
  readonly recording: ComparedRecording;
  readonly plan: VerifyPlan;
  readonly connect: Connect;
  /** A folder for what the daemon answers. */
  readonly folder: string;
  /** In front of the names of all that is made. */
  readonly prefix: string;
  /** How long an answer may take to end. */
  readonly patienceMs: number;
}

interface SentRequest extends RecordedLiveRequest {
  readonly planned: PlannedRequest;
}

export class VerifySession {
  readonly verified: VerifiedExchange[] = [];
  readonly #options: VerifySessionOptions;
  readonly #values: LiveValues;
  readonly #made = new MadeOnDaemon();
  readonly #open: SentRequest[] = [];
  /** For each exchange the last one that was requested before it had ended. */
  readonly #lastDuring: ReadonlyMap<number, number>;
  #requests = 0;
  #hasComparedHeaders = false;
  /** Set where the daemon does not know the version of the recording: all that follows would differ in the same way. */
  #refusal: Error | undefined;

  constructor(options: VerifySessionOptions) {
    this.#options = options;
    this.#lastDuring = findLastDuring(options.recording.cassette);
    const session = collectClientValues(options.recording.cassette);
    this.#values = new LiveValues(session, options.plan.madeNames, options.prefix);
  }

  /**
   * Plays all, and removes what was made. Returns what could not be removed.
   * @throws UsageError `WHALESONG_BAD_API_VERSION` if the daemon does not know the version of the recording
   */
  async run(): Promise<readonly string[]> {
    try {
      for (const planned of this.#options.plan.requests)
        if (planned.skippedBecause === undefined && this.#refusal === undefined) await this.#play(planned);
      for (const sent of [...this.#open]) await this.#settle(sent);
    } finally {
      for (const { live } of this.#open) await live.finish(0);
    }
    const left = await this.#made.remove((method, target) => this.#sendPlain(method, target));
    if (this.#refusal !== undefined) throw this.#refusal;
    return left;
  }

  async #play(planned: PlannedRequest): Promise<void> {
    const { index } = planned.entry;
    for (const sent of [...this.#open]) {
      if (this.#findEnd(sent.planned) < index && (await sent.live.hasEndedSoon())) await this.#settle(sent);
    }
    const sent = { planned, ...(await this.#send(await this.#toLive(planned))) };
    this.#open.push(sent);
    if (this.#findEnd(planned) > index) await sent.live.awaitHead();
    else if (planned.entry.readExchange().stream === undefined || (await sent.live.hasEndedSoon()))
      await this.#settle(sent);
  }

  #findEnd({ entry: { index } }: PlannedRequest): number {
    return this.#lastDuring.get(index) ?? index;
  }

  #send(exchange: Exchange): Promise<RecordedLiveRequest> {
    const { connect, folder, recording } = this.#options;
    this.#requests += 1;
    return sendRecorded(exchange, { connect, folder, name: String(this.#requests), read: recording.pieces });
  }

  async #toLive({ entry }: PlannedRequest): Promise<Exchange> {
    const operation = parseOperation(entry.method, entry.target);
    const exchange = restoreExchange(entry.readExchange(), this.#values.toLive);
    if (operation.name !== "ImageCreate") return exchange;
    const { query } = operation;
    const [image = "", tag = ""] = ["fromImage", "tag"].map((key) => query.find(([each]) => each === key)?.[1]);
    const isThere = (await this.#sendPlain("GET", `/images/${image}${tag === "" ? "" : `:${tag}`}/json`)) === 200;
    if (!isThere) this.#made.note(operation, undefined);
    return exchange;
  }

  async #settle(sent: SentRequest): Promise<void> {
    this.#open.splice(this.#open.indexOf(sent), 1);
    await sent.live.finish(this.#options.patienceMs);
    const { entry } = sent.planned;
    const answer = await sent.finish();
    this.verified.push({
      entry,
      differences: answer === undefined ? [createNoAnswer()] : await this.#compare(sent, answer),
    });
    if (answer !== undefined && nameOperation(entry) !== "ImageCreate") await this.#noteMade(answer);
  }

  async #noteMade({ cassette, pieces }: ComparedRecording): Promise<void> {
    const exchange = (cassette.entries.at(0) as CassetteEntry).readExchange();
    if ((exchange.response?.status ?? 500) >= 300) return;
    const { body } = (await toAnswerContent(exchange, pieces)) as { readonly body?: unknown };
    this.#made.note(parseOperation(exchange.request.method, exchange.request.target), body);
  }

  async #compare(
    { planned }: SentRequest,
    { cassette, pieces }: ComparedRecording,
  ): Promise<readonly GradedDifference[]> {
    const { recording } = this.#options;
    const answer = (cassette.entries.at(0) as CassetteEntry).readExchange();
    const hasExactHead = planned.entry.readExchange().response?.exactHead !== undefined;
    const recorded = await toAnswerContent(planned.entry.readExchange(), recording.pieces);
    const content = await toAnswerContent(answer, pieces);
    const got = hasExactHead ? withCommonHeaders(content, cassette) : content;
    const context = this.#values.createContext(nameOperation(planned.entry));
    // Once to learn the values, once to compare with all of them.
    gradeAnswers(recorded, this.#values.toRecorded.restoreContent(got), context);
    const differences = gradeAnswers(recorded, this.#values.toRecorded.restoreContent(got), context);
    const status = differences.filter(({ what }) => what === "status changed");
    if (status.length > 0) this.#refusal ??= readVersionRefusal(content);
    return [...this.#compareCommonHeaders(cassette), ...(status.length > 0 ? status : differences)];
  }

  /** Headers that all responses have stand in the header of a cassette; they are compared once. */
  #compareCommonHeaders({ header }: CassetteWalk): readonly GradedDifference[] {
    if (this.#hasComparedHeaders || header.everyResponse.length === 0) return [];
    this.#hasComparedHeaders = true;
    const recorded = this.#options.recording.cassette.header;
    if (recorded.everyResponse.length === 0) return [];
    const toFields = (fields: typeof header.everyResponse): object => Object.fromEntries(fields);
    const context = this.#values.createContext("SystemPing");
    return gradeAnswers(toFields(recorded.everyResponse), toFields(header.everyResponse), context).map(
      (difference) => ({
        ...difference,
        field: `every response: ${difference.field}`,
      }),
    );
  }

  async #sendPlain(method: string, target: string): Promise<number> {
    const { live, finish } = await this.#send({ request: { method, target, headers: [] }, response: undefined });
    await live.finish(this.#options.patienceMs);
    const answer = await finish();
    return answer?.cassette.entries.at(0)?.readExchange().response?.status ?? 0;
  }
}

function nameOperation({ method, target }: CassetteEntry): string {
  return parseOperation(method, target).name;
}

/** A recorded exact head has all headers; of today's answer, those of every response stand in the header. */
function withCommonHeaders(content: unknown, { header }: CassetteWalk): unknown {
  const { headers = {}, ...rest } = content as { readonly headers?: object };
  const common = header.everyResponse.map(([name, value]) => [name.toLowerCase(), value]);
  return { ...rest, headers: { ...Object.fromEntries(common), ...headers } };
}

function createNoAnswer(): GradedDifference {
  return {
    field: "answer",
    recorded: "an answer",
    got: undefined,
    isMade: false,
    what: "no answer",
    grade: GRADES["no answer"],
  };
}

/** Exchanges that refer to later ones, or that later ones say they happened in the course of. */
function findLastDuring({ entries }: CassetteWalk): ReadonlyMap<number, number> {
  const places = new Map<string, number>();
  for (const { name, index } of entries) if (name !== undefined) places.set(name, index);
  const last = new Map<number, number>();
  const note = (index: number | undefined, until: number | undefined): void => {
    if (index !== undefined && until !== undefined) last.set(index, Math.max(last.get(index) ?? index, until));
  };
  for (const entry of entries) {
    const { references } = listExchangeNames(entry.readExchange());
    for (const name of references) note(entry.index, places.get(name));
    for (const name of entry.during) note(places.get(name), entry.index);
  }
  return last;
}
