/**
 * Two things that look alike: two containers without a name, made by equal requests. Which one of today is which recorded
 * one stays open while both fit all that was asked so far. The first request that fits only one of them settles it
 * (docs/decisions/0028-identity-stays-open.md).
 */
import type { Bindings } from "../../match/bindings.ts";
import type { NormalizedBody } from "../../match/normalize-body.ts";
import type { NormalizedRequest } from "../../match/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { type MadeThing, MadeThings } from "./made-things.ts";
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
    for (const target of this.#listTargets(forms.listLike(request, form), form)) {
      if (await this.#trySwap(target, form, this.#ground, swap)) return true;
    }
    return false;
  }

  async #trySwap(
    target: PlacedExchange,
    form: RequestForm,
    ground: SwapGround,
    swap: (plan: Swap) => void,
  ): Promise<boolean> {
    const { forms } = ground;
    do {
      const recorded = forms.find(target);
      if (recorded === undefined) continue;
      if (recorded.shape !== form.shape || !this.#isAvailable(target)) return false;
      const pairs = pairThings(form, recorded);
      const plan = pairs.length === 0 ? undefined : planSwap(ground, pairs);
      if (plan === undefined) return false;
      if (plan === "missing") continue;
      swap(plan);
      return true;
    } while (await forms.loadMissing());
    return false;
  }

  /** Of things that name others, those that were made side by side are the likeliest. */
  #listTargets(like: readonly PlacedExchange[], { head }: RequestForm): readonly PlacedExchange[] {
    const { forms } = this.#ground as SwapGround;
    const number = head.things[0]?.number ?? 0;
    const toDistance = (placed: PlacedExchange): number =>
      Math.abs((forms.findHead(placed).things[0]?.number ?? 0) - number);
    const open = like.filter((placed) => this.#isAvailable(placed));
    return open.sort((a, b) => toDistance(a) - toDistance(b)).slice(0, TRIED);
  }

  #isAvailable(placed: PlacedExchange): boolean {
    return placed.role !== "free" && (placed.role !== "change" || !this.#options.played.has(placed));
  }

  #createGround(): SwapGround {
    const { played, live, bindings } = this.#options;
    const things = new MadeThings(this.#exchanges);
    const forms = new RequestForms(things, this.#options);
    const isBound = (name: string): boolean => bindings.toToday(name) !== name;
    return { exchanges: this.#exchanges, things, forms, played, live, isBound };
  }
}

function pairThings(one: RequestForm, other: RequestForm): readonly (readonly [MadeThing, MadeThing])[] {
  const pairs = one.things.map((thing, at) => [thing, other.things[at] as MadeThing] as const);
  return pairs.filter(([thing, counterpart]) => thing !== counterpart);
}
