/** How far a run of a deck has come: what has been played, what is under way, and which eras have been reached. */
import { collectNames, hasNames } from "../../match/collect-names.ts";
import { ContainerNames } from "../../match/container-names.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { EraClock } from "../history/era-clock.ts";
import { BEFORE_ANY_CHANGE, isWaitResult, type PlacedExchange } from "../history/place-exchanges.ts";

export class Progress {
  readonly played: Set<PlacedExchange> = new Set();
  readonly eras: EraClock = new EraClock();
  /** For each resource, the moment of the latest `wait` that a client has the result of: before it, a container was running. */
  readonly past: EraClock = new EraClock();
  /** For each resource, the end of the latest change that is over as far as a client was told, answered or not. */
  readonly told: EraClock = new EraClock();
  /** Which names belong to one container. */
  readonly names: ContainerNames = new ContainerNames();
  readonly #exchanges: readonly PlacedExchange[];
  /** Changes that were requested and are not answered yet. */
  readonly #underWay = new Set<PlacedExchange>();
  /** By inspection, the version of the names after it was read: until they change, it tells nothing new. */
  readonly #inspected = new Map<PlacedExchange, number>();

  constructor(exchanges: readonly PlacedExchange[]) {
    this.#exchanges = exchanges;
  }

  /** The exchange was requested: a change opens an era. */
  begin(placed: PlacedExchange, operation: Operation): void {
    // What answers for a thing that is not there is on no cassette.
    if (this.#exchanges[placed.entry.index] === placed) this.played.add(placed);
    if (placed.role === "change") {
      this.#underWay.add(placed);
      this.eras.advance(placed, placed.requestedAt);
    }
    this.#collectNames(placed, operation);
  }

  /** The exchange was answered: a change opens another era, and what a `wait` has outlived is past. */
  end(placed: PlacedExchange): void {
    if (placed.role === "change") {
      this.#underWay.delete(placed);
      this.eras.advance(placed, placed.answeredAt);
    }
    if (!isWaitResult(placed)) return;
    this.past.advance(toPast(placed), placed.requestedAt);
    for (const change of this.#underWay) if (isEndedBy(change, placed)) this.tell(change);
  }

  /** A client was told what the change has done, before the change is answered: by an event, or by the result of a `wait`. */
  tell(change: PlacedExchange): void {
    if (this.#underWay.has(change)) this.told.advance(change, change.answeredAt);
  }

  /** What was played for one thing was played for another one, which looks alike. */
  swap(counterparts: ReadonlyMap<PlacedExchange, PlacedExchange>): void {
    swapMembers(this.played, counterparts);
    swapMembers(this.#underWay, counterparts);
    const changed = new Set([...counterparts].flat().flatMap(({ resources }) => resources.filter(isOfOneThing)));
    for (const resource of changed) this.#recompute(resource);
    for (const placed of counterparts.values()) if (this.played.has(placed)) this.#advance(placed);
  }

  #recompute(resource: string): void {
    const played = [...this.played].filter(({ resources }) => resources.includes(resource));
    const moments = played.filter(({ role }) => role === "change").map((change) => this.#readMoment(change));
    const waits = played.filter(isWaitResult).map(({ requestedAt }) => requestedAt);
    const moment = Math.max(BEFORE_ANY_CHANGE, ...moments);
    this.eras.set(resource, moment);
    this.told.set(resource, moment);
    if (this.past.findEra([resource]) !== BEFORE_ANY_CHANGE)
      this.past.set(resource, Math.max(BEFORE_ANY_CHANGE, ...waits));
  }

  /** Classes of things never go back. */
  #advance(placed: PlacedExchange): void {
    if (placed.role === "change") this.eras.advance(placed, this.#readMoment(placed));
  }

  #readMoment(change: PlacedExchange): number {
    return this.#underWay.has(change) ? change.requestedAt : change.answeredAt;
  }

  #collectNames(placed: PlacedExchange, operation: Operation): void {
    if (!hasNames(operation) || this.#inspected.get(placed) === this.names.version) return;
    const { response } = placed.entry.readExchange();
    const body = response?.body;
    if (response === undefined || !Buffer.isBuffer(body)) return;
    collectNames(this.names, operation, response.status, body.toString("utf8"));
    if (operation.name === "ContainerInspect") this.#inspected.set(placed, this.names.version);
  }
}

/** The `wait` was recorded while the change of its container was under way: that is what the container ended by. */
function isEndedBy({ container, entry: { name } }: PlacedExchange, wait: PlacedExchange): boolean {
  return name !== undefined && container === wait.container && wait.entry.during.includes(name);
}

/** Classes such as `containers` change with any of their members. */
function isOfOneThing(resource: string): boolean {
  return resource.includes(":");
}

function swapMembers(members: Set<PlacedExchange>, counterparts: ReadonlyMap<PlacedExchange, PlacedExchange>): void {
  const concerned = [...members].filter((placed) => counterparts.has(placed));
  for (const placed of concerned) members.delete(placed);
  for (const placed of concerned) members.add(counterparts.get(placed) as PlacedExchange);
}

function toPast({ resources }: PlacedExchange): Pick<PlacedExchange, "resources"> {
  return { resources: [...resources, "containers", "all"] };
}
