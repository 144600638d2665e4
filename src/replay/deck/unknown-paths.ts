/**
 * Paths in a container that name nothing. A test that copies what is not there makes a name up: a word and a random
 * number. Another number behind the same word gets the answer that the recorded one got.
 */
import { readStatus } from "../../cassette/read.ts";
import { formatKey, type NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { SimilarExchanges } from "./similar-exchanges.ts";
import type { NormalizeRecorded, UnknownIdAnswer } from "./unknown-id-answer.ts";

const ARCHIVE = /^(ContainerArchive|ContainerArchiveInfo)$/;
const ANY_ARCHIVE = /^(ContainerArchive|ContainerArchiveInfo|PutContainerArchive)$/;
/** The last part of the path: a word, then the number. A version (`python3.11`) has digits or dots before that. */
const WORD_AND_NUMBER = /^([a-z_-]*[g-z_-])([0-9a-f]{2,})$/i;

export class UnknownPaths {
  readonly #exchanges: SimilarExchanges;

  constructor(exchanges: SimilarExchanges) {
    this.#exchanges = exchanges;
  }

  /** @returns undefined if that path is no word with a number, or is known to the recording */
  find(request: NormalizedRequest, normalize: NormalizeRecorded): UnknownIdAnswer | undefined {
    const path = ARCHIVE.test(request.operation.name) ? getPath(request) : undefined;
    if (path === undefined || !this.#isOnlyRefused(path)) return undefined;
    const placed = this.#exchanges.ofOperation(request).find((one) => {
      const recorded = getPath(one) ?? "";
      const isSame = areAlike(recorded, path) && formatKeyForPath(normalize(one), path) === request.key;
      return isSame && this.#isOnlyRefused(recorded);
    });
    return placed && { placed, ids: [cutFolder(getPath(placed) ?? ""), cutFolder(path)] };
  }

  /** Neither the path nor anything below it was ever there. */
  #isOnlyRefused(path: string): boolean {
    return this.#listOfPath(path).every(({ entry }) => readStatus(entry) === 404);
  }

  #listOfPath(path: string): readonly PlacedExchange[] {
    return this.#exchanges.all.filter(
      (placed) => ANY_ARCHIVE.test(placed.operation.name) && `${getPath(placed)}/`.startsWith(`${path}/`),
    );
  }
}

function formatKeyForPath(recorded: NormalizedRequest, path: string): string {
  const query = recorded.query.map(([name, value]) => [name, name === "path" ? path : value] as const);
  return formatKey({ ...recorded, query }, recorded.operation.path);
}

function getPath({ operation }: Pick<PlacedExchange, "operation">): string | undefined {
  return operation.query.find(([name]) => name === "path")?.[1];
}

/** The same word in the same folder. A number of hexadecimal digits has as many of them; the recorded one tells by a digit. */
function areAlike(recorded: string, today: string): boolean {
  const [name, other] = [cutFolder(recorded), cutFolder(today)];
  const [, word, number = ""] = WORD_AND_NUMBER.exec(name) ?? [];
  const [, same, another = ""] = WORD_AND_NUMBER.exec(other) ?? [];
  if (word === undefined || word !== same || !/\d/.test(number)) return false;
  if (recorded.slice(0, -name.length) !== today.slice(0, -other.length)) return false;
  return number.length === another.length || /^\d+$/.test(number + another);
}

function cutFolder(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
