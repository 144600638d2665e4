/**
 * Places the exchanges of a cassette in its history. Each change opens two eras of the resources that it alters: one
 * when it is requested, one when it is answered. A read belongs to the era in which it was recorded
 * (docs/architecture.md, "Eras"). A deck is built from the result.
 */
import { type Cassette, type CassetteEntry, readStatus } from "../../cassette/read.ts";
import { collectNames, findCreatedId } from "../../match/collect-names.ts";
import { ContainerNames } from "../../match/container-names.ts";
import { findContainerReference } from "../../match/normalize/normalize-request.ts";
import { type ExchangeRole, type ResourceUse, resolveResourceUse } from "../../match/resources.ts";
import { type PathPattern, parsePathPattern } from "../../match/rules/path-pattern.ts";
import { type Operation, parseOperation } from "../../wire/operations/operation.ts";

/** The moment of an era that no change has opened. */
export const BEFORE_ANY_CHANGE = -1;

/** Shared, as most exchanges were made during no other one. */
const NONE: ReadonlySet<number> = new Set();

/**
 * One recorded exchange, placed in history. Moments are counted in halves of an exchange, from 0. It is a class to save
 * memory: there may be 100,000 of them. What follows from its fields is no field.
 */
export class PlacedExchange {
  readonly entry: CassetteEntry;
  readonly operation: Operation;
  readonly role: ExchangeRole;
  readonly resources: readonly string[];
  /** The container that the path names, by its long id where the recording tells it. */
  readonly container: string | undefined;
  /** Set where the path was written by hand with names in braces. */
  readonly pattern: PathPattern | undefined;
  /** The era of the request: the moment of the latest change of its resources. */
  readonly era: number;

  constructor(entry: CassetteEntry, place: Omit<PlacedExchange, "entry" | "requestedAt" | "answeredAt">) {
    this.entry = entry;
    this.operation = place.operation;
    this.role = place.role;
    this.resources = place.resources;
    this.container = place.container;
    this.pattern = place.pattern;
    this.era = place.era;
  }

  get requestedAt(): number {
    return this.entry.index * 2;
  }

  get answeredAt(): number {
    return this.requestedAt + 1;
  }
}

/** Places every exchange of a cassette. Only the first lines of a document are parsed. */
export function placeExchanges(cassette: Cassette): readonly PlacedExchange[] {
  const names = new ContainerNames();
  const latest = new Map<string, number>();
  const requestedAtByName = new Map<string, number>();
  return cassette.entries.map((entry) => {
    const operation = parseOperation(entry.method, entry.target);
    const use = resolveResourceUse(entry.method, operation, names);
    if (isNameSource(operation)) collectRecordedNames(names, entry, operation);
    const resources = selectResources(entry, operation, use, names);
    const during =
      entry.during.length === 0 ? NONE : new Set(entry.during.flatMap((name) => requestedAtByName.get(name) ?? []));
    const placed = new PlacedExchange(entry, {
      operation,
      role: use.role,
      resources,
      container: resolveContainer(operation, names),
      pattern: parsePathPattern(operation.path),
      era: findEra(resources, latest, during),
    });
    if (use.role === "change") openEra(placed, latest);
    if (entry.name !== undefined) requestedAtByName.set(entry.name, placed.requestedAt);
    return placed;
  });
}

function resolveContainer(operation: Operation, names: ContainerNames): string | undefined {
  const reference = findContainerReference(operation);
  return reference && names.resolveContainer(reference);
}

/** The latest moment at which one of `resources` changed. A change that is still under way counts as requested only. */
function findEra(
  resources: readonly string[],
  latest: ReadonlyMap<string, number>,
  during: ReadonlySet<number>,
): number {
  let era = BEFORE_ANY_CHANGE;
  for (const resource of resources) {
    const answeredAt = latest.get(resource) ?? BEFORE_ANY_CHANGE;
    const requestedAt = answeredAt - 1;
    era = Math.max(era, during.has(requestedAt) ? requestedAt : answeredAt);
  }
  return era;
}

/**
 * A create alters the id that the daemon then assigns, too. A container's name is a resource before that, since clients
 * look it up.
 */
function selectResources(
  entry: CassetteEntry,
  operation: Operation,
  { resources }: ResourceUse,
  names: ContainerNames,
): readonly string[] {
  if (operation.name === "ContainerExec") {
    const id = findCreatedId(sliceResponseText(entry));
    return id === undefined ? resources : [...resources, `exec:${id}`];
  }
  if (operation.name !== "ContainerCreate") return resources;
  return [...new Set([...resources, ...resolveResourceUse(entry.method, operation, names).resources])];
}

function openEra({ resources, answeredAt }: PlacedExchange, latest: Map<string, number>): void {
  for (const resource of resources) latest.set(resource, answeredAt);
}

/** Whether the response tells which names belong to one container. */
function isNameSource({ name }: Operation): boolean {
  return (
    name === "ContainerCreate" || name === "ContainerExec" || name === "ContainerInspect" || name === "ContainerRename"
  );
}

/** An id in the path is kept with the entry. */
function collectRecordedNames(names: ContainerNames, entry: CassetteEntry, operation: Operation): void {
  const status = toNamingStatus(entry, operation);
  collectNames(names, operation, status, sliceResponseText(entry), operation.params.id);
}

/** Only the status of a rename tells whether it succeeded. A failed create, exec or inspect has no id to learn. */
function toNamingStatus(entry: CassetteEntry, { name }: Operation): number {
  return name === "ContainerRename" ? (readStatus(entry) ?? 500) : 200;
}

function sliceResponseText(entry: CassetteEntry): string {
  const text = entry.readText();
  return text.slice(text.indexOf("\nresponse:"));
}

/** A client has the result of a `wait`: the container has ended. */
export function isWaitResult({ operation, entry }: PlacedExchange): boolean {
  return operation.name === "ContainerWait" && (readStatus(entry) ?? 500) < 300;
}
