/**
 * A recording under way: numbers the takes of all connections, names what others refer to, keeps apart what ran at
 * the same time, and hands each exchange that has ended to the store. A tape that fails says so once and lets the
 * traffic be.
 */
import type { Clock } from "../base/clock.ts";
import { everyResponseOf } from "../cassette/implied.ts";
import type { CassetteHeader, Rules, SidecarRef } from "../cassette/model.ts";
import { headerText } from "../cassette/write.ts";
import { learnFrom } from "../match/learn.ts";
import { Names } from "../match/names.ts";
import { touchOf } from "../match/resources.ts";
import { NO_RULES, withRules } from "../match/rules/header-rules.ts";
import type { StatedRules } from "../match/rules/ruling.ts";
import { fieldValue, type HeaderField, type RequestHead, type ResponseHead } from "../wire/head.ts";
import type { Operation } from "../wire/operation.ts";
import { Clients } from "./clients.ts";
import { NameGiver } from "./name-giver.ts";
import { Observer } from "./observer.ts";
import { labelOf } from "./plans.ts";
import type { RecordingStore } from "./store.ts";
import { Take } from "./take.ts";
import { listTars } from "./tar-comments.ts";

export interface TapeOptions {
  readonly store: RecordingStore;
  readonly clock: Clock;
  /** `recorded` of the header: when, and by which whalesong. */
  readonly recorded: { readonly at: string; readonly by: string };
  /** The cassette that is being added to or recorded anew: its rules, comments and names are kept. */
  readonly previous?: { readonly header: CassetteHeader; readonly names: readonly string[] };
  readonly exactTiming?: boolean;
  /** Rules for its header, beside those of the previous cassette. */
  readonly rules?: StatedRules;
  /** Chooses the text of a document when the cassette is put in place. */
  readonly keep?: (text: string) => string;
  /** Chooses the header's text then. */
  readonly keepHeader?: (text: string) => string;
  /** Called once, with the first thing that went wrong. */
  readonly warn: (problem: unknown) => void;
}

/** What a recording came to. */
export interface RecordingReport {
  readonly exchanges: number;
  /** Answers that had not ended when the recording stopped. */
  readonly cut: number;
  /** Exchanges that could not be told: not ended, or not understood. */
  readonly left: number;
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly problem: unknown;
}

export class Tape {
  readonly #options: TapeOptions;
  readonly #names: Names = new Names();
  readonly #nameGiver: NameGiver;
  readonly #clients: Clients;
  readonly #rules: Rules;
  readonly #observers = new Set<Observer>();
  readonly #open = new Set<Take>();
  /** Numbers of the takes in the order the store has them. */
  readonly #stored: number[] = [];
  #everyResponse: readonly HeaderField[];
  #from: string | undefined;
  readonly #tars: SidecarRef[] = [];
  #number = 0;
  #cut = 0;
  #left = 0;
  #bytes = { sent: 0, received: 0 };
  #problem: unknown;
  /** The store has failed: there is nothing more to write to. */
  #isStoreBroken = false;

  constructor(options: TapeOptions) {
    this.#options = options;
    const { header, names = [] } = { header: options.previous?.header, names: options.previous?.names };
    this.#nameGiver = new NameGiver(names);
    this.#clients = new Clients(header?.recorded?.client);
    this.#rules = withRules(header?.rules ?? NO_RULES, options.rules ?? {});
    this.#everyResponse = header?.everyResponse ?? [];
    this.#from = header?.recorded?.from;
    this.#write(() => options.store.begin(this.#headerText(true)));
  }

  /** Watches one more connection. */
  observe(): Observer {
    const observer = new Observer(this);
    this.#observers.add(observer);
    return observer;
  }

  /** The observer's connection is over. */
  release(observer: Observer): void {
    this.#observers.delete(observer);
  }

  count(direction: "sent" | "received", bytes: number): void {
    this.#bytes[direction] += bytes;
  }

  begin(head: RequestHead, operation: Operation): Take {
    this.#clients.note(head.fields);
    const touch = touchOf(head.method, operation, this.#names);
    const isChange = touch.role === "change";
    const name = isChange ? this.#nameGiver.give(labelOf(operation.name)) : undefined;
    const during = touch.role === "read" ? this.#changesUnderWay(touch.scopes) : [];
    if (name !== undefined) this.#cueListeners(name, `${head.method} ${head.target}`, touch.scopes);
    const { store, clock, exactTiming = false } = this.#options;
    const options = {
      store,
      clock,
      exactTiming,
      everyResponse: () => this.#everyResponse,
      matchedHeaders: this.#rules.match,
      onResult: (wait: Take) => this.#markOutputs(wait),
      onEnd: (stream: Take) => this.#markEnd(stream),
    };
    const take = new Take({ number: this.#number++, head, operation, touch, name, during }, options);
    this.#open.add(take);
    return take;
  }

  /** Learns from the first response that has them which headers every response has. */
  answered(head: ResponseHead): void {
    if (this.#everyResponse.length > 0 || this.#stored.length > 0) return;
    this.#everyResponse = everyResponseOf(head.fields);
    this.#from = describeDaemon(this.#everyResponse);
    if (this.#everyResponse.length > 0) this.#write(() => this.#options.store.begin(this.#headerText(true)));
  }

  /** The take has ended: its document is written at once, so that a crash can no longer lose it. */
  completed(take: Take): void {
    this.#open.delete(take);
    const { operation } = take.facts;
    learnFrom(this.#names, operation, take.status ?? 500, take.answerText);
    this.#write(() => {
      this.#options.store.append(take.document());
      this.#stored.push(take.facts.number);
      this.#tars.push(...take.tars);
    });
  }

  /** The recording stops in the middle of the take: what was heard of it is told, and that it was cut. */
  cut(take: Take): void {
    if (take.isWorthTelling) {
      take.cut();
      this.#cut += 1;
      this.completed(take);
    } else this.#leave(take);
  }

  /** A connection could not be followed any further. */
  lost(takes: readonly Take[], problem: unknown): void {
    for (const take of takes) this.#leave(take);
    this.#warn(problem);
  }

  /** Ends the recording and puts the cassette in place. */
  async finish(): Promise<RecordingReport> {
    for (const observer of this.#observers) observer.cut();
    const order = this.#stored.map((number, at) => [number, at] as const).sort(([a], [b]) => a - b);
    const listings = await listTars(this.#tars, this.#options.store);
    const keepOld = this.#options.keep ?? ((same: string) => same);
    const keep = (text: string): string => keepOld(listings.insertInto(this.#nameGiver.forgetUnused(text)));
    const keepHeader = this.#options.keepHeader ?? ((same: string) => same);
    this.#write(() =>
      this.#options.store.finish(
        keepHeader(this.#headerText(false)),
        order.map(([, at]) => at),
        keep,
      ),
    );
    return {
      exchanges: this.#stored.length,
      cut: this.#cut,
      left: this.#left,
      bytes: this.#bytes,
      problem: this.#problem,
    };
  }

  #leave(take: Take): void {
    this.#open.delete(take);
    this.#left += 1;
    take.discard();
  }

  #changesUnderWay(scopes: readonly string[]): string[] {
    const names: string[] = [];
    for (const { facts, isAnswered } of this.#open) {
      if (facts.name === undefined || isAnswered || !intersects(facts.touch.scopes, scopes)) continue;
      names.push(this.#nameGiver.use(facts.name));
    }
    return names;
  }

  #cueListeners(name: string, request: string, scopes: readonly string[]): void {
    for (const take of this.#open) {
      const isConcerned = take.isListening && intersects(take.facts.touch.own, scopes);
      if (isConcerned && take.cue(name, request)) this.#nameGiver.use(name);
    }
  }

  /** A client told that a container has ended has heard what it said before: the result waits for that. */
  #markOutputs(wait: Take): void {
    for (const take of this.#open) {
      if (!isOutput(take) || !intersects(take.facts.touch.own, wait.facts.touch.own)) continue;
      const mark = take.mark(() => this.#nameGiver.give("said"));
      if (mark !== undefined) wait.until(mark);
    }
  }

  /** The same for an output that has ended before the result is there. */
  #markEnd(stream: Take): void {
    if (!isOutput(stream)) return;
    const waits = [...this.#open].filter(
      (take) => isWait(take) && intersects(take.facts.touch.own, stream.facts.touch.own),
    );
    const mark = waits.length === 0 ? undefined : stream.mark(() => this.#nameGiver.give("said"));
    if (mark !== undefined) for (const wait of waits) wait.until(mark);
  }

  #headerText(isUnfinished: boolean): string {
    const { recorded, previous } = this.#options;
    const { ports } = previous?.header ?? {};
    const from = this.#from === undefined ? {} : { from: this.#from };
    const client = this.#clients.text === undefined ? {} : { client: this.#clients.text };
    return headerText({
      version: 1,
      recorded: { ...recorded, ...from, ...client },
      everyResponse: this.#everyResponse,
      rules: this.#rules,
      ...(ports === undefined ? {} : { ports }),
      isUnfinished,
    });
  }

  #write(write: () => void): void {
    if (this.#isStoreBroken) return;
    try {
      write();
    } catch (error) {
      this.#isStoreBroken = true;
      this.#warn(error);
    }
  }

  #warn(problem: unknown): void {
    if (this.#problem === undefined) this.#options.warn(problem);
    this.#problem ??= problem;
  }
}

const OUTPUTS: ReadonlySet<string> = new Set(["ContainerAttach", "ContainerAttachWebsocket", "ContainerLogs"]);

function isOutput({ facts, isStream }: Take): boolean {
  return isStream && OUTPUTS.has(facts.operation.name);
}

function isWait({ facts, isAnswered }: Take): boolean {
  return facts.operation.name === "ContainerWait" && !isAnswered;
}

function intersects(some: readonly string[], others: readonly string[]): boolean {
  return some.some((scope) => others.includes(scope));
}

/** `Docker Engine 20.10.24, API 1.41, linux`, from the headers of a response. */
function describeDaemon(fields: readonly HeaderField[]): string | undefined {
  const [, engine] = /^Docker\/(\S+)/.exec(fieldValue(fields, "Server") ?? "") ?? [];
  const api = fieldValue(fields, "Api-Version");
  const os = fieldValue(fields, "Ostype");
  return engine === undefined ? undefined : [`Docker Engine ${engine}`, `API ${api}`, ...(os ? [os] : [])].join(", ");
}
