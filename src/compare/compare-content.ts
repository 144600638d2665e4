/**
 * Compares two values of JSON, and says of each difference whether the daemon made it: another id, another time. Lists
 * of things with names are compared by their names, in whatever order they stand.
 */
import { IDENTIFYING, isGeneratedName, isUnixTime, type TokenKind, tokenizeText, type ValueToken } from "./tokens.ts";

export interface ContentDifference {
  /** Where: `body.State.Pid`, `body[/web].Status`. */
  readonly field: string;
  readonly recorded: unknown;
  readonly got: unknown;
  /** Only a daemon's value of this run: a replay of the old recording would mean the same. */
  readonly isMade: boolean;
}

export interface ComparedContext {
  /** The API operation of the exchange. */
  readonly operation: string;
  /** Whether a client brought this value into its session, so that the daemon did not make it. */
  isClientValue(value: string): boolean;
  /** Whether the two are known to be different things. */
  areOthers(recorded: string, got: string): boolean;
  /** Whether the recorded value is known to stand where another one stood in the other recording. */
  isPaired(recorded: string): boolean;
  /** Whether values by which things are known must be equal, though a daemon made them. */
  readonly isStrict?: boolean;
  /** Notes that two values stand in one place: equal ones, and ones that a daemon made. */
  notePair?(recorded: string, got: string, kind: TokenKind | "name"): void;
}

/** Members with numbers and texts that a daemon measures of itself. */
const MEASURED = /(?:^|[.\]])(?:Pid|NFd|NGoroutines|NEventsListener|SystemTime|Health\.Log(?:\[.*)?)$/;
/** Operations that answer nothing but measurements. */
const MEASURING: ReadonlySet<string> = new Set(["ContainerStats", "ContainerTop"]);
/** Operations that make images, so that their digests are new. */
const MAKING: ReadonlySet<string> = new Set(["ImageBuild", "ImageCommit", "BuildSolve"]);
const EPHEMERAL = 32_768;
const PORT_MEMBER = /(?:^|\.)(?:HostPort|PublicPort)$/;
const NAME_MEMBER = /(?:^|[.\]])Names?(?:\[\d+\])?$/;

/** All differences of two values. @param field the name of the place where they stand */
export function compareContents(
  recorded: unknown,
  got: unknown,
  context: ComparedContext,
  field = "",
): ContentDifference[] {
  if (Array.isArray(recorded) && Array.isArray(got)) return compareLists(recorded, got, context, field);
  if (isMap(recorded) && isMap(got)) return compareMaps(recorded, got, context, field);
  if (typeof recorded === "string" && typeof got === "string") return compareTexts(recorded, got, context, field);
  if (recorded === got) return [];
  return [{ field, recorded, got, isMade: isMeasured(recorded, got, context, field) }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compareMaps(
  recorded: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  context: ComparedContext,
  field: string,
): ContentDifference[] {
  const inner = isNewImage(recorded, got, context) ? { ...context, operation: "ImageBuild" } : context;
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(got)])];
  return pairKeys(recorded, got, names, context).flatMap(([name, other]) =>
    compareContents(recorded[name], got[other], inner, joinField(field, name)),
  );
}

/** What an image that was built anew consists of is new, too. */
function isNewImage(
  { Id: recorded }: Readonly<Record<string, unknown>>,
  { Id: got }: Readonly<Record<string, unknown>>,
  context: ComparedContext,
): boolean {
  const [one, other] = [String(recorded), String(got)];
  return /^sha256:/.test(one) && one === other && context.isPaired(one);
}

/** Keys that are ids, as those of a network's containers, are paired in their order. */
function pairKeys(
  recorded: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  names: readonly string[],
  context: ComparedContext,
): readonly (readonly [string, string])[] {
  const isId = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);
  const gone = names.filter((name) => !(name in got) && isId(name));
  const came = names.filter((name) => !(name in recorded) && isId(name));
  const both = names.filter((name) => !gone.includes(name) && !came.includes(name));
  const named = pairByName(
    gone.map((id) => [id, recorded[id]]),
    came.map((id) => [id, got[id]]),
  );
  for (const [one, other] of named) if (one !== other) context.notePair?.(one, other, "id");
  return [...both.map((name) => [name, name] as const), ...named];
}

function pairByName(
  gone: readonly (readonly [string, unknown])[],
  came: readonly (readonly [string, unknown])[],
): readonly (readonly [string, string])[] {
  const left = [...came];
  const pairs = gone.map(([id, value], at): readonly [string, string] => {
    const name = findName(value);
    const index = name === undefined ? -1 : left.findIndex(([, other]) => findName(other) === name);
    const [other] = left.splice(index === -1 ? 0 : index, 1);
    return [id, other?.[0] ?? `${id}#${at}`];
  });
  return [...pairs, ...left.map(([id]) => [`${id}#came`, id] as const)];
}

function joinField(field: string, name: string): string {
  return field === "" ? name : `${field}.${name}`;
}

function compareLists(
  recorded: readonly unknown[],
  got: readonly unknown[],
  context: ComparedContext,
  field: string,
): ContentDifference[] {
  const names = recorded.map(findName);
  const isNamed = recorded.length > 0 && [...names, ...got.map(findName)].every((name) => name !== undefined);
  if (isNamed && new Set(names).size === names.length) return compareNamed(recorded, got, context, field);
  const length = Math.max(recorded.length, got.length);
  const differences = Array.from({ length }, (_, at) =>
    compareContents(recorded[at], got[at], context, `${field}[${at}]`),
  ).flat();
  const isWords = [...recorded, ...got].every((item) => typeof item === "string");
  return isWords && !differences.every(({ isMade }) => isMade) ? compareWords(recorded, got, field) : differences;
}

/** Words that came and went; or the whole list, if only its order is another. */
function compareWords(recorded: readonly unknown[], got: readonly unknown[], field: string): ContentDifference[] {
  const went = recorded.filter((word) => !got.includes(word));
  const came = got.filter((word) => !recorded.includes(word));
  const isShort = went.length + came.length < Math.max(recorded.length, got.length);
  if (went.length + came.length === 0 || !isShort) return [{ field, recorded, got, isMade: false }];
  return [
    ...went.map((word) => ({ field: `${field}[${word}]`, recorded: word, got: undefined, isMade: false })),
    ...came.map((word) => ({ field: `${field}[${word}]`, recorded: undefined, got: word, isMade: false })),
  ];
}

function compareNamed(
  recorded: readonly unknown[],
  got: readonly unknown[],
  context: ComparedContext,
  field: string,
): ContentDifference[] {
  const others = new Map(got.map((item) => [findName(item), item]));
  const known = new Set(recorded.map(findName));
  const came = got.filter((item) => !known.has(findName(item)));
  // One that came for one that went is the same thing under another name.
  const pairs = recorded.map((item) => [item, others.has(findName(item)) ? others.get(findName(item)) : came.shift()]);
  return [...pairs, ...came.map((item) => [undefined, item])].flatMap(([item, other]) =>
    compareContents(item, other, context, `${field}[${findName(item ?? other)}]`),
  );
}

/** The name of a thing in a list: of a container, a network, a volume, an image; of one without a name, its id. */
export function findName(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  const { Names, Name, RepoTags, Id, ID, Destination } = item;
  const [first] = [Names, RepoTags].map((list) => (Array.isArray(list) ? list[0] : undefined)).filter(Boolean);
  const name = first ?? Name ?? Destination ?? Id ?? ID;
  return typeof name === "string" && name !== "" ? name : undefined;
}

function compareTexts(recorded: string, got: string, context: ComparedContext, field: string): ContentDifference[] {
  if (recorded === got && context.notePair === undefined) return [];
  const [one, other] = [tokenizeText(recorded), tokenizeText(got)];
  const isSameShape = one.skeleton === other.skeleton;
  const pairs = isSameShape ? pairTokens(one.tokens, other.tokens) : [];
  for (const [kind, was, is] of pairs) if (isMadeAnew(kind, was, is, context)) context.notePair?.(was, is, kind);
  if (recorded === got) return [];
  const isStrict = context.isStrict === true;
  const isMade = isSameShape
    ? pairs.every(
        ([kind, was, is]) => was === is || (isMadeAnew(kind, was, is, context) && !(isStrict && IDENTIFYING.has(kind))),
      )
    : isMeasured(recorded, got, context, field) || isRenamed(recorded, got, context, field);
  return [{ field, recorded, got, isMade }];
}

function pairTokens(
  tokens: readonly ValueToken[],
  others: readonly ValueToken[],
): readonly (readonly [TokenKind, string, string])[] {
  return tokens.map(({ kind, text }, at) => [kind, text, others[at]?.text as string] as const);
}

function isMadeAnew(kind: TokenKind, recorded: string, got: string, context: ComparedContext): boolean {
  if (recorded === got) return true;
  if (context.isClientValue(recorded) || context.isClientValue(got)) return false;
  if (kind === "digest" && !MAKING.has(context.operation)) return context.isPaired(toShortId(recorded));
  return !IDENTIFYING.has(kind) || !context.areOthers(recorded, got);
}

/** The classic builder names an image by the beginning of its digest. */
function toShortId(digest: string): string {
  return digest.replace("sha256:", "").slice(0, 12);
}

function isMeasured(recorded: unknown, got: unknown, { operation }: ComparedContext, field: string): boolean {
  if (MEASURED.test(field) || MEASURING.has(operation)) return recorded !== undefined && got !== undefined;
  if (typeof recorded === "number" && typeof got === "number" && isUnixTime(recorded) && isUnixTime(got)) return true;
  return PORT_MEMBER.test(field) && [recorded, got].every((port) => Number(port) >= EPHEMERAL);
}

/** A container without a name has another generated one in each run. */
function isRenamed(recorded: string, got: string, context: ComparedContext, field: string): boolean {
  const names = [recorded, got].map((name) => name.replace(/^\//, "")) as [string, string];
  const isGenerated = NAME_MEMBER.test(field) && names.every(isGeneratedName);
  if (!isGenerated || context.isStrict === true || names.some((name) => context.isClientValue(name))) return false;
  context.notePair?.(...names, "name");
  return true;
}
