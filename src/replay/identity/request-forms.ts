/**
 * Recorded requests without what names things: two requests of one shape ask for the same of two things. Heads are
 * compared first. Bodies are read only where the heads leave it open, and only of those requests.
 */
import { NO_BODY, type NormalizedBody } from "../../match/normalize/normalize-body.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { MadeThing, MadeThings, MaskedRequest } from "./made-things.ts";

/** A request: its head, and then its body. */
export interface RequestForm extends MaskedRequest {
  readonly head: MaskedRequest;
}

export interface RequestFormsOptions {
  /** Recorded exchanges of the operation of a request. */
  readonly listSimilar: (request: Pick<NormalizedRequest, "method" | "operation">) => readonly PlacedExchange[];
  /** A recorded request in the form in which it is looked up. */
  readonly normalize: (placed: PlacedExchange) => NormalizedRequest;
  readonly normalizeBody: (placed: PlacedExchange) => NormalizedBody | Promise<NormalizedBody>;
}

export class RequestForms {
  readonly #things: MadeThings;
  readonly #options: RequestFormsOptions;
  readonly #operations = new Set<string>();
  readonly #heads = new Map<PlacedExchange, MaskedRequest>();
  readonly #byShape = new Map<string, PlacedExchange[]>();
  readonly #byHead = new Map<string, PlacedExchange[]>();
  readonly #forms = new Map<PlacedExchange, RequestForm>();
  /** Requests of which a form is needed, and has not been computed. */
  readonly #missing = new Set<PlacedExchange>();

  constructor(things: MadeThings, options: RequestFormsOptions) {
    this.#things = things;
    this.#options = options;
  }

  /** @param request with recorded values in the place of today's */
  toForm({ key }: NormalizedRequest, body: NormalizedBody): RequestForm {
    return { ...this.#things.mask(`${key}\n${body.key}`), head: this.#things.mask(key) };
  }

  /** Recorded requests whose heads have this shape, whatever they name. */
  listLike(request: NormalizedRequest, { head: { shape } }: RequestForm): readonly PlacedExchange[] {
    this.#readOperation(request);
    return this.#byShape.get(shape) ?? [];
  }

  findHead(placed: PlacedExchange): MaskedRequest {
    this.#readOperation({ method: placed.entry.method, operation: placed.operation });
    return this.#heads.get(placed) as MaskedRequest;
  }

  /** Undefined if it has to be loaded first. */
  find(placed: PlacedExchange): RequestForm | undefined {
    const known = this.#forms.get(placed);
    if (known === undefined) this.#missing.add(placed);
    return known;
  }

  /** Equal requests, in recorded order. Undefined if one of them has to be loaded first. */
  listEqual(form: RequestForm): readonly PlacedExchange[] | undefined {
    const [key, group] = [formatKey(form), this.#byHead.get(formatKey(form.head)) ?? []];
    const forms = group.map((placed) => this.find(placed));
    if (forms.includes(undefined)) return undefined;
    return group.filter((_, at) => formatKey(forms[at] as RequestForm) === key);
  }

  /** Computes what was missing. Resolves with whether anything was. */
  async loadMissing(): Promise<boolean> {
    const missing = [...this.#missing];
    this.#missing.clear();
    for (const placed of missing) await this.#load(placed);
    return missing.length > 0;
  }

  async #load(placed: PlacedExchange): Promise<void> {
    const body = placed.entry.method === "GET" ? NO_BODY : await this.#options.normalizeBody(placed);
    this.#forms.set(placed, this.toForm(this.#options.normalize(placed), body));
  }

  #readOperation(request: Pick<NormalizedRequest, "method" | "operation">): void {
    const operation = `${request.method} ${request.operation.name}`;
    if (this.#operations.has(operation)) return;
    this.#operations.add(operation);
    for (const placed of this.#options.listSimilar(request)) {
      const head = this.#things.mask(this.#options.normalize(placed).key);
      this.#heads.set(placed, head);
      append(this.#byShape, head.shape, placed);
      append(this.#byHead, formatKey(head), placed);
    }
  }
}

/** The same request for other things. */
export function replaceThings(form: RequestForm, others: ReadonlyMap<MadeThing, MadeThing>): RequestForm {
  const replace = ({ shape, things }: MaskedRequest): MaskedRequest => ({
    shape,
    things: things.map((thing) => others.get(thing) ?? thing),
  });
  return { ...replace(form), head: replace(form.head) };
}

function formatKey({ shape, things }: MaskedRequest): string {
  return `${things.map(({ number }) => number).join()} ${shape}`;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
