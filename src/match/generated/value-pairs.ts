/**
 * Pairs values that a client generates for every run: uuids, timestamps, random ids and names. Two requests that differ
 * in such values only are one request of two runs. To take one request for another is worse than a miss, so the shapes
 * are strict: `web` and `db`, `server1` and `server2`, `v1beta1` and `v2alpha3` are different things.
 */
import { countSharedCharacters, isGeneratedAnew, NAME_THRESHOLDS, OTHER_THRESHOLDS } from "./generated-values.ts";
import { isGluedAnew } from "./glued-endings.ts";
import { canHaveStem, pairNameStem } from "./name-stems.ts";
import { pairTemporaryNames, type TemporaryNames } from "./pair-temporary-names.ts";
import type { SharedParts } from "./shared-parts.ts";
import type { NamePlace } from "./temporary-names.ts";
import type { ValuePair } from "./value-pair.ts";

export type { ValuePair } from "./value-pair.ts";

/** RFC 9562, 4: its version and its variant tell a uuid from `11111111-2222-3333-4444-555555555555`. */
const UUID = /(?<![A-Za-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![A-Za-z0-9])/gi;
/** Stands in for a uuid, so that its groups are not taken for words. */
const PLACEHOLDER = "\u0000";
/** What separates words. The letter of a `\n` in JSON belongs to no word (match/bindings.ts). */
const BETWEEN_WORDS = /((?:\\(?:[bfnrt]|u[0-9a-fA-F]{4})|[^A-Za-z0-9])+)/;
/** Fields of a request with names that clients generate. Up to API 1.23 a start has what is in `HostConfig`. */
const NAME_FIELD =
  /^(query\.(name|t|filters|labels)|json\.(Name|Hostname|Labels\..*|(HostConfig\.)?(Binds|Mounts|NetworkMode|Links|VolumesFrom)|NetworkingConfig\..*|Container)|path)$/;
/** Where an image gets a name, the client may have generated it. Where a client asks for an image, it did not. */
const IMAGE_NAME: Readonly<Record<string, RegExp>> = {
  ImageBuild: /^query\.t$/,
  ImageCommit: /^query\.(repo|tag)$/,
  ImageTag: /^query\.(repo|tag)$/,
};
/** The id of a thing, which the daemon generated, is a whole segment of a path. */
const ID = /^(?:[0-9a-f]{12}|[0-9a-f]{64})$/;
/** The same within a path, where it has the form of no temporary name: those end in a number behind letters. */
const PLAIN_ID = /(?<=\/)(?=[0-9a-f]*\d[a-f])(?:[0-9a-f]{12}|[0-9a-f]{64})(?=$|\/(?!\d{3}(?!\d)))/g;

/**
 * The pairs that turn one text into the other, if nothing but generated values differs.
 * @param field where the text is in a request for `operation`; undefined for text of the daemon
 * @param shared parts of names that are known to be random (`collectSharedParts`)
 * @returns empty for equal texts; undefined if something else differs, too
 */
export function pairGeneratedValues(
  recorded: string,
  today: string,
  field?: string,
  operation = "",
  shared?: SharedParts,
): readonly ValuePair[] | undefined {
  if (recorded === today) return [];
  if (field === "path" && hasOtherId(recorded, today)) return undefined;
  const uuids = pairUuids(recorded, today);
  if (uuids === undefined) return undefined;
  const place = findPlace(field, recorded, operation);
  const thresholds = place === "other" ? OTHER_THRESHOLDS : NAME_THRESHOLDS;
  const isAnew = (was: string, is: string): boolean =>
    isGeneratedAnew(was, is, thresholds) || (place !== "other" && isGluedAnew(was, is, shared?.endings));
  const texts = [recorded.replace(UUID, PLACEHOLDER), today.replace(UUID, PLACEHOLDER)] as const;
  const isName = place !== "other" && shared !== undefined;
  const stems = isName ? pairStems(...texts, shared) : { pairs: [], recorded: texts[0], today: texts[1] };
  if (stems === undefined) return undefined;
  const names = pairTemporaryNames(stems.recorded, stems.today, place);
  const words = pairWords(names.recorded, names.today, isAnew);
  if (words === undefined) return undefined;
  if (field === "path" && words.some(([id]) => isIdSegment(id, recorded))) return undefined;
  return [...uuids, ...stems.pairs, ...names.pairs, ...words];
}

function pairUuids(recorded: string, today: string): readonly ValuePair[] | undefined {
  const [uuids, others] = [recorded.match(UUID) ?? [], today.match(UUID) ?? []];
  if (uuids.length !== others.length) return undefined;
  const pairs = uuids.map((uuid, at): ValuePair => [uuid, others[at] as string]).filter(([a, b]) => a !== b);
  return pairs.every(([a, b]) => isUuidPairOfTwoRuns(a, b)) ? pairs : undefined;
}

/**
 * Pairs the stems of names, and takes their words out of the texts.
 * @returns undefined where today's name is built around another stem, and is another one
 */
function pairStems(recorded: string, today: string, shared: SharedParts): TemporaryNames | undefined {
  const none: TemporaryNames = { pairs: [], recorded, today };
  const [words, others] = [recorded.split(BETWEEN_WORDS), today.split(BETWEEN_WORDS)];
  if (words.length !== others.length) return none;
  const differing = words.map((word, at): ValuePair => [word, others[at] as string]);
  if (!differing.some(canHaveStem)) return none;
  const stems = shared.listStems();
  const found = differing.map((pair) => (canHaveStem(pair) ? pairNameStem(pair, stems) : undefined));
  if (found.includes("other")) return undefined;
  const takeOut = (all: readonly string[]): string =>
    all.map((word, at) => (found[at] === undefined ? word : PLACEHOLDER)).join("");
  const pairs = found.filter((pair) => pair !== undefined && pair !== "other");
  return { pairs, recorded: takeOut(words), today: takeOut(others) };
}

/** Two uuids of one machine share most characters if they contain the time. Random ones do not. */
function isUuidPairOfTwoRuns(one: string, other: string): boolean {
  return one[14] !== "4" || countSharedCharacters(one, other) < 24;
}

/** In a path to an image, the name is not generated: it tells the content. */
function findPlace(field: string | undefined, text: string, operation: string): NamePlace {
  if (field === undefined) return "name";
  if (IMAGE_NAME[operation]?.test(field) === true) return "image-name";
  return NAME_FIELD.test(field) && !/^\/(images|distribution)\//.test(text) ? "name" : "other";
}

/**
 * Whether the recorded path has an id that today's has not: no word stands for it. An unknown id is compared with those
 * of hundreds of recorded requests while its client waits, and this is a hundredth of the time of the other checks.
 */
export function hasOtherId(recorded: string, today: string): boolean {
  for (const id of findPlainIds(recorded)) if (!today.includes(id)) return true;
  return false;
}

const NO_IDS: readonly string[] = [];
const CACHED = 1000;
const idsOfPaths = new Map<string, readonly string[]>();

function findPlainIds(path: string): readonly string[] {
  const known = idsOfPaths.get(path);
  if (known !== undefined) return known;
  const ids = path.match(PLAIN_ID) ?? NO_IDS;
  if (idsOfPaths.size >= CACHED) idsOfPaths.clear();
  idsOfPaths.set(path, ids);
  return ids;
}

function isIdSegment(word: string, path: string): boolean {
  return ID.test(word) && path.split("/").includes(word);
}

/** Text between words must be equal. Words that differ must be generated. */
function pairWords(
  recorded: string,
  today: string,
  isAnew: (recorded: string, today: string) => boolean,
): ValuePair[] | undefined {
  const [words, others] = [recorded.split(BETWEEN_WORDS), today.split(BETWEEN_WORDS)];
  if (words.length !== others.length) return undefined;
  const differing = words.map((word, at): ValuePair => [word, others[at] as string]).filter(([a, b]) => a !== b);
  return differing.every(([a, b]) => isAnew(a, b)) ? differing : undefined;
}
