/**
 * Ids that name nothing. A test that asks for something that is not there makes an id up, and makes up another one in the
 * next run. Any such id gets the answer that the recorded one got.
 */
import type { NormalizedRequest } from "../../match/normalize-request.ts";
import type { ValuePair } from "../../match/value-pairs.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** A recorded refusal of an id, and the pair of ids that its answer has to be changed by. */
export interface UnknownIdAnswer {
  readonly placed: PlacedExchange;
  readonly ids: ValuePair;
}

/** Digits, or a hexadecimal number: no word. */
const MADE_UP = [/^\d{2,}$/, /^(?=.*\d)[0-9a-f]{4,}$/];

/**
 * @param isEquivalent whether a recorded request is this one, if its path is taken for the second argument
 * @returns undefined if the id in the path is a word, or is known to the recording
 */
export function findUnknownId(
  exchanges: readonly PlacedExchange[],
  request: NormalizedRequest,
  isEquivalent: (placed: PlacedExchange, path: string) => boolean,
): UnknownIdAnswer | undefined {
  const id = getId(request);
  if (id === undefined || !isMadeUp(id) || exchanges.some((placed) => isKnownTo(placed, id))) return undefined;
  for (const placed of exchanges) {
    const recorded = getId(placed);
    if (recorded === undefined || placed.operation.name !== request.operation.name) continue;
    if (!areAlike(recorded, id) || !isEquivalent(placed, replaceId(placed, id))) continue;
    if (isRefused(placed) && exchanges.every((other) => getId(other) !== recorded || isRefused(other)))
      return { placed, ids: [recorded, id] };
  }
  return undefined;
}

/** A container is also known by the beginning of its id. */
function isKnownTo(placed: PlacedExchange, id: string): boolean {
  return getId(placed)?.startsWith(id) === true || placed.resources.some((name) => name.startsWith(`container:${id}`));
}

function getId({ operation }: Pick<PlacedExchange, "operation">): string | undefined {
  return operation.params.id ?? operation.params.name;
}

function isMadeUp(id: string): boolean {
  return MADE_UP.some((grammar) => grammar.test(id));
}

function areAlike(recorded: string, today: string): boolean {
  return MADE_UP.some((grammar) => grammar.test(recorded) && grammar.test(today));
}

function replaceId({ operation }: PlacedExchange, id: string): string {
  const recorded = getId({ operation });
  return operation.path
    .split("/")
    .map((segment) => (segment === recorded ? id : segment))
    .join("/");
}

function isRefused({ entry }: PlacedExchange): boolean {
  return entry.readExchange().response?.status === 404;
}
