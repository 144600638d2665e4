/** Learns from a call what stands today in the place of secrets that the recording does not have. */
import stringify from "fast-json-stable-stringify";
import { parseBoundedJson } from "../base/parse-json.ts";
import { isBlankedOperation } from "../match/normalize/blank-secrets.ts";
import type { NormalizedBody } from "../match/normalize/normalize-body.ts";
import type { NormalizedRequest } from "../match/normalize/normalize-request.ts";
import { hasPlaceholder } from "../secrets/placeholders.ts";
import type { Call } from "../session/call.ts";
import type { Deck } from "./deck/deck.ts";
import type { PlacedExchange } from "./history/place-exchanges.ts";
import { normalizeCallBody } from "./normalize-call.ts";
import type { TodaysSecrets } from "./run/todays-secrets.ts";

/** Whether a recorded request has placeholders: only once is its text searched. */
const SECRETIVE = new WeakMap<PlacedExchange, boolean>();

/** A promise only where a body has to be waited for. */
export function learnSecrets(
  call: Call,
  deck: Deck,
  placed: PlacedExchange,
  request: NormalizedRequest,
): Promise<void> | undefined {
  if (placed.role !== "change" || !isSecretive(placed)) return undefined;
  const { secrets } = deck.run;
  secrets.learn(deck.normalizeRecordedLike(placed, request).key, request.key, "line");
  const { body, isPartial } = placed.entry.readExchange().request;
  if (isPartial === true || !Buffer.isBuffer(body)) return undefined;
  if (isBlankedOperation(call.operation.name)) return learnBlanked(body, call, secrets);
  const learn = (recorded: NormalizedBody, got: NormalizedBody): void => {
    if (recorded.json !== undefined && got.json !== undefined) secrets.learn(recorded.key, got.key, "json");
  };
  return learnWhenRead(deck.normalizeRecordedBody(placed), normalizeCallBody(call, deck), learn);
}

/** What is compared has no secret left, so the bytes are read: such bodies are small, and have been read already. */
async function learnBlanked(recorded: Buffer, call: Call, secrets: TodaysSecrets): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of call.readWholeBody()) pieces.push(piece);
  const [was, is] = [toSortedJson(recorded), toSortedJson(Buffer.concat(pieces))];
  if (was !== undefined && is !== undefined) secrets.learn(was, is, "json");
}

/** Undefined for what is no JSON. */
function toSortedJson(body: Buffer): string | undefined {
  try {
    return stringify(parseBoundedJson(body.toString("utf8")));
  } catch {
    return undefined;
  }
}

function learnWhenRead(
  recorded: NormalizedBody | Promise<NormalizedBody>,
  got: NormalizedBody | Promise<NormalizedBody>,
  learn: (recorded: NormalizedBody, got: NormalizedBody) => void,
): Promise<void> | undefined {
  if (recorded instanceof Promise || got instanceof Promise) {
    return Promise.all([recorded, got]).then(([was, is]) => learn(was, is));
  }
  learn(recorded, got);
  return undefined;
}

function isSecretive(placed: PlacedExchange): boolean {
  const known = SECRETIVE.get(placed);
  if (known !== undefined) return known;
  const [request = ""] = placed.entry.readText().split("\nresponse:", 1);
  const isSecret = hasPlaceholder(request);
  SECRETIVE.set(placed, isSecret);
  return isSecret;
}
