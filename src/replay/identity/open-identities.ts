/**
 * Two things that look alike: two containers without a name, made by equal requests. Which one of today is which recorded
 * one stays open while both fit all that was asked so far. The first request that fits only one of them settles it
 * (docs/decisions/0028-identity-stays-open.md).
 */
import type { Bindings } from "../../match/bindings.ts";
import type { NormalizedBody } from "../../match/normalize/normalize-body.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { type MadeThing, MadeThings } from "./made-things.ts";
import { findSwitchPoint } from "./pair-answers.ts";
import { planSwap, type Swap, type SwapGround } from "./plan-swap.ts";
import { type RequestForm, RequestForms, type RequestFormsOptions } from "./request-forms.ts";

/** How many recorded requests are tried: those of the things that were made soonest before or after. */
const TRIED = 50;

export interface OpenIdentitiesOptions extends RequestFormsOptions {
  readonly played: ReadonlySet<PlacedExchange>;
  readonly live: ReadonlySet<LiveExchange>;
  readonly bindings: Bindings;
}

export class OpenIdentities {
  readonly #exchanges: readonly PlacedExchange[];
  readonly #options: OpenIdentitiesOptions;
  #ground: SwapGround | undefined;

  constructor(exchanges: readonly PlacedExchange[], options: OpenIdentitiesOptions) {
    this.#exchanges = exchanges;
    this.#options = options;
  }

  /**
   * Lets things change places, where that makes a recorded exchange answer the request. Resolves with whether it did.
   * @param swap applies a plan at once: nothing else is played between the plan and that
   */
  async settle(request: NormalizedRequest, body: NormalizedBody, swap: (plan: Swap) => void): Promise<boolean> {
    this.#ground ??= this.#createGround();
    const { forms } = this.#ground;
    const form = forms.toForm(request, body);
    if (form.things.length === 0) return false;
    const like = forms.listLike(request, form).filter((placed) => this.#isAvailable(placed));
    for (const target of listNearest(like, form, forms)) {
      const isRight = (placed: PlacedExchange, plan?: Swap): boolean => this.#isAvailable(placed, plan);
      if (await this.#trySwap(form, target, isRight, swap)) return true;
    }
    return false;
  }

  /**
   * The same for what a client has sent into a stream, where that is not what was recorded.
   * @param got what the client has sent since the event that is played now
   */
  async settleByInput(live: LiveExchange, got: Buffer, swap: (plan: Swap) => void): Promise<boolean> {
    this.#ground ??= this.#createGround();
    const { forms } = this.#ground;
    const { placed } = live;
    const request = this.#options.normalize(placed);
    while (forms.find(placed) === undefined) await forms.loadMissing();
    const form = forms.find(placed) as RequestForm;
    for (const target of listNearest(forms.listLike(request, form), form, forms)) {
      const expectsInput = (other: PlacedExchange): boolean => expectsBytes(live, other, got);
      if (expectsInput(target) && (await this.#trySwap(form, target, expectsInput, swap))) return true;
    }
    return false;
  }

  async #trySwap(
    form: RequestForm,
    target: PlacedExchange,
    isRight: (target: PlacedExchange, plan?: Swap) => boolean,
    swap: (plan: Swap) => void,
  ): Promise<boolean> {
    const ground = this.#ground as SwapGround;
    const { forms } = ground;
    do {
      const recorded = forms.find(target);
      if (recorded === undefined) continue;
      if (recorded.shape !== form.shape || !isRight(target)) return false;
      const pairs = pairThings(form, recorded);
      const plan = pairs.length === 0 ? undefined : planSwap(ground, pairs);
      if (plan === undefined) return false;
      if (plan === "missing") continue;
      if (!isRight(target, plan)) return false;
      swap(plan);
      return true;
    } while (await forms.loadMissing());
    return false;
  }

  /** Now, or after a swap: what was played for the one thing was played for the other one then. */
  #isAvailable(placed: PlacedExchange, { counterparts }: Partial<Swap> = {}): boolean {
    const { played } = this.#options;
    const isTaken = [...(counterparts ?? [])].some(([one, other]) => other === placed && played.has(one));
    return placed.role !== "free" && (placed.role !== "change" || !(played.has(placed) || isTaken));
  }

  #createGround(): SwapGround {
    const { played, live, bindings } = this.#options;
    const things = new MadeThings(this.#exchanges);
    const forms = new RequestForms(things, this.#options);
    const isBound = (name: string): boolean => bindings.toToday(name) !== name;
    return { exchanges: this.#exchanges, things, forms, played, live, isBound };
  }
}

/** Of things that name others, those that were made side by side are the likeliest. */
function listNearest(
  like: readonly PlacedExchange[],
  { head }: RequestForm,
  forms: RequestForms,
): readonly PlacedExchange[] {
  const number = head.things[0]?.number ?? 0;
  const rated = like.map((placed) => {
    return { placed, distance: Math.abs((forms.findHead(placed).things[0]?.number ?? 0) - number) };
  });
  return rated
    .sort((one, other) => one.distance - other.distance)
    .slice(0, TRIED)
    .map(({ placed }) => placed);
}

/** Whether another stream, which has said the same so far, expects these bytes now. */
function expectsBytes(live: LiveExchange, other: PlacedExchange, got: Buffer): boolean {
  const event = other.entry.readExchange().stream?.[findSwitchPoint(live, other)?.at ?? -1];
  return event?.kind === "stdin" && Buffer.isBuffer(event.content) && event.content.subarray(0, got.length).equals(got);
}

function pairThings(one: RequestForm, other: RequestForm): readonly (readonly [MadeThing, MadeThing])[] {
  const pairs = one.things.map((thing, at) => [thing, other.things[at] as MadeThing] as const);
  return pairs.filter(([thing, counterpart]) => thing !== counterpart);
}
