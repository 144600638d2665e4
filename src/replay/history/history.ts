/**
 * What a cassette tells about before and after. Each exchange has its place in the recording; each change opens an
 * era of what it touched, first when it was requested, then when it was answered. A read belongs to the era in which
 * it was recorded (docs/architecture.md, "Eras").
 */
import type { Cassette, Entry } from "../../cassette/read.ts";
import { containerReference } from "../../match/asked.ts";
import { learnFrom } from "../../match/learn.ts";
import { Names } from "../../match/names.ts";
import { type PathPattern, pathPattern } from "../../match/pattern.ts";
import { type Role, type Touch, touchOf } from "../../match/resources.ts";
import { type Operation, parseOperation } from "../../wire/operation.ts";

/** Before any change. */
export const DAWN = -1;

/** One recorded exchange, placed in history. */
export interface Scene {
  readonly entry: Entry;
  readonly operation: Operation;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** The container that the path names, by its long id where that is known. */
  readonly container: string | undefined;
  /** Set where the path was written by hand with names in braces. */
  readonly pattern: PathPattern | undefined;
  /** The era it was requested in: the moment of the latest change of what it touches. */
  readonly era: number;
  /** Of a change: the moments it was requested and answered at. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Places every exchange of a cassette, without parsing more of it than its first lines. */
export function historyOf(cassette: Cassette): readonly Scene[] {
  const names = new Names();
  const latest = new Map<string, number>();
  const askedAtOf = new Map<string, number>();
  return cassette.entries.map((entry, at) => {
    const operation = parseOperation(entry.method, entry.target);
    const before = touchOf(entry.method, operation, names);
    if (teachesNames(operation)) learnFrom(names, operation, statusOf(entry, operation), answerText(entry));
    const touch = { ...before, scopes: scopesOf(entry, operation, before, names) };
    const during = new Set(entry.during.flatMap((name) => askedAtOf.get(name) ?? []));
    const reference = containerReference(operation);
    const container = reference && names.container(reference);
    const pattern = pathPattern(operation.path);
    const scene = { entry, operation, ...touch, container, pattern, askedAt: at * 2, answeredAt: at * 2 + 1 };
    const placed = { ...scene, era: eraOf(touch.scopes, latest, during) };
    if (touch.role === "change") openEra(placed, latest);
    if (entry.name !== undefined) askedAtOf.set(entry.name, scene.askedAt);
    return placed;
  });
}

/** The latest moment at which something in `scopes` changed. A change still under way counts as requested only. */
function eraOf(scopes: readonly string[], latest: ReadonlyMap<string, number>, during: ReadonlySet<number>): number {
  let era = DAWN;
  for (const scope of scopes) {
    const answeredAt = latest.get(scope) ?? DAWN;
    const askedAt = answeredAt - 1;
    era = Math.max(era, during.has(askedAt) ? askedAt : answeredAt);
  }
  return era;
}

/** What is made is touched under its name, by which it was looked for before, and under the id that it is given. */
function scopesOf(entry: Entry, operation: Operation, { scopes }: Touch, names: Names): readonly string[] {
  if (operation.name !== "ContainerCreate") return scopes;
  return [...new Set([...scopes, ...touchOf(entry.method, operation, names).scopes])];
}

function openEra({ scopes, answeredAt }: Scene, latest: Map<string, number>): void {
  for (const scope of scopes) latest.set(scope, answeredAt);
}

function teachesNames({ name }: Operation): boolean {
  return (
    name === "ContainerCreate" || name === "ContainerExec" || name === "ContainerInspect" || name === "ContainerRename"
  );
}

/** A rename's answer says by its status alone whether it succeeded; of the others, those that failed name no id. */
function statusOf(entry: Entry, { name }: Operation): number {
  return name === "ContainerRename" ? (entry.exchange().response?.status ?? 500) : 200;
}

function answerText(entry: Entry): string {
  const text = entry.text();
  return text.slice(text.indexOf("\nresponse:"));
}
