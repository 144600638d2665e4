/**
 * Values that a client makes up anew for every run: uuids, moments, random ids and names. Two requests whose only
 * differences are such values are one request of two runs. A request that is taken for another is worse than a miss,
 * so the shapes are strict: `web` and `db`, `server1` and `server2`, `v1beta1` and `v2alpha3` are different things.
 */
import { alike, ELSEWHERE, isMadeUpAnew, type Leniency, NAMES } from "./made-up.ts";

/** The value of the recording, and the one that stands for it today. */
export type Pair = readonly [recorded: string, today: string];

/** RFC 9562, 4: its version and its variant tell a uuid from `11111111-2222-3333-4444-555555555555`. */
const UUID = /(?<![A-Za-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![A-Za-z0-9])/gi;
/** Stands in for a uuid, so that its groups are not taken for words. */
const SEAT = "\u0000";
/** What parts words; the letter of a `\n` in JSON belongs to no word (match/bindings.ts). */
const BETWEEN_WORDS = /((?:\\(?:[bfnrt]|u[0-9a-fA-F]{4})|[^A-Za-z0-9])+)/;
/** Parts of a request that hold names of the client's own making. */
const NAMING =
  /^(query\.(name|t|filters)|json\.(Name|Hostname|Labels\..*|HostConfig\.(Binds|NetworkMode|Links|VolumesFrom))|path)$/;
/** Where an image is given a name, that is of the client's own making; where it is asked for by one, it is not. */
const NAMES_IMAGES: ReadonlySet<string> = new Set(["ImageTag", "ImageCommit"]);
const IMAGE_NAME = /^query\.(repo|tag)$/;
/** A reference to something by its id, which the daemon gave it, stands in a path alone. */
const ID = /^(?:[0-9a-f]{12}|[0-9a-f]{64})$/;

/**
 * The pairs that turn one text into the other, if nothing but made-up values differs; undefined if something else
 * does, too. Empty for equal texts. `field` is where in a request for `operation` it stands; without one, a daemon
 * says it.
 */
export function randomPairs(
  recorded: string,
  today: string,
  field?: string,
  operation = "",
): readonly Pair[] | undefined {
  if (recorded === today) return [];
  const [uuids, others] = [recorded.match(UUID) ?? [], today.match(UUID) ?? []];
  if (uuids.length !== others.length) return undefined;
  const named = uuids.map((uuid, at): Pair => [uuid, others[at] as string]).filter(([a, b]) => a !== b);
  if (!named.every(([a, b]) => areUuidsOfTwoRuns(a, b))) return undefined;
  const words = wordPairs(
    recorded.replace(UUID, SEAT),
    today.replace(UUID, SEAT),
    leniencyIn(field, recorded, operation),
  );
  return words === undefined || (field === "path" && words.some(([id]) => isSegment(id, recorded)))
    ? undefined
    : [...named, ...words];
}

/** Uuids of one machine have most in common if they were made of the time; random ones do not. */
function areUuidsOfTwoRuns(one: string, other: string): boolean {
  return one[14] !== "4" || alike(one, other) < 24;
}

/** An image is named by what is in it, and by the path of those who look at it. */
function leniencyIn(field: string | undefined, text: string, operation: string): Leniency {
  if (field !== undefined && NAMES_IMAGES.has(operation) && IMAGE_NAME.test(field)) return NAMES;
  return field === undefined || (NAMING.test(field) && !/^\/(images|distribution)\//.test(text)) ? NAMES : ELSEWHERE;
}

function isSegment(word: string, path: string): boolean {
  return ID.test(word) && path.split("/").includes(word);
}

/** Text between words must be the same; of words, those that differ must be made up. */
function wordPairs(recorded: string, today: string, leniency: Leniency): Pair[] | undefined {
  const [words, others] = [recorded.split(BETWEEN_WORDS), today.split(BETWEEN_WORDS)];
  if (words.length !== others.length) return undefined;
  const differing = words.map((word, at): Pair => [word, others[at] as string]).filter(([a, b]) => a !== b);
  return differing.every(([a, b]) => isMadeUpAnew(a, b, leniency)) ? differing : undefined;
}
