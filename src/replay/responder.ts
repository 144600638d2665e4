import type { Clock } from "../base/clock.ts";
import { CassetteError } from "../base/errors.ts";
import type { Asked, AskedHead } from "../match/asked.ts";
import { type BodyMeaning, NO_BODY, streamedMeaning } from "../match/body.ts";
import type { Call, Responder } from "../session/call.ts";
import type { Deck } from "./deck/deck.ts";
import type { Scene } from "./history/history.ts";
import { httpDate } from "./http-date.ts";
import { play } from "./play/player.ts";
import type { Score } from "./play/score.ts";
import { INSTANT, type Tempo } from "./play/tempo.ts";
import { exchangeToday, exchangeWithCaught } from "./play/translate.ts";
import type { DecksFor } from "./playthrough.ts";
import { sayError } from "./say-error.ts";

/** Answers in the place of a scene that cannot be played to this client, and says true; or says false. */
export type Refuse = (call: Call, deck: Deck, scene: Scene) => Promise<boolean>;

export interface ReplayOptions {
  readonly clock: Clock;
  readonly tempo?: Tempo;
  /** Asked before a scene is played; default: everything is. */
  readonly refuse?: Refuse;
  /** Told when a cassette or a sidecar proves faulty while it is played; the client is told as well. */
  readonly onProblem?: (problem: CassetteError) => void;
}

/** Answers what is on the decks, searched in their order; declines the rest. */
export function replay(
  decksFor: DecksFor,
  { clock, tempo = INSTANT, refuse, onProblem = ignore }: ReplayOptions,
): Responder {
  const scores = new WeakMap<Deck, Score>();
  const scoreFor = (deck: Deck): Score => {
    const known = scores.get(deck) ?? scoreOf(deck, clock, tempo);
    scores.set(deck, known);
    return known;
  };
  const answer: Responder = async (call) => {
    const decks = [...decksFor(call)];
    // What one cassette has as it is comes before what another one would have in other words.
    for (const look of [find, findInOtherWords]) {
      for (const deck of decks) {
        const scene = await look(call, deck);
        if (scene === undefined) continue;
        const isRefused = refuse !== undefined && (await refuse(call, deck, scene));
        if (!isRefused) await perform(call, deck, scene, scoreFor(deck));
        return true;
      }
    }
    return false;
  };
  return async (call) => {
    try {
      return await answer(call);
    } catch (error) {
      if (!(error instanceof CassetteError)) throw error;
      onProblem(error);
      await tellFault(call, error);
      return true;
    }
  };
}

/** A cassette that proves faulty in the middle of a replay: said in the daemon's voice where a head can still be sent. */
async function tellFault(call: Call, { message, code }: CassetteError): Promise<void> {
  call.afterwards = call.isAnswered ? "reset" : "close";
  if (!call.isAnswered) await sayError(call, 500, "Internal Server Error", `whalesong: ${message} [${code}]`);
}

function ignore(): void {}

async function find(call: Call, deck: Deck): Promise<Scene | undefined> {
  const request = deck.asked(headOf(call));
  if (!deck.mayAnswer(request)) return undefined;
  return deck.find(request, await meaningFor(call, request, deck));
}

/** The same request of another run, with other made-up values. */
async function findInOtherWords(call: Call, deck: Deck): Promise<Scene | undefined> {
  const request = deck.asked(headOf(call));
  if (!deck.hasAlike(request)) return undefined;
  return (await deck.infer(request, await bodyOf(call, deck))) ? find(call, deck) : undefined;
}

/** What of a request can be compared before its body has come. */
export function headOf({ head: { method, fields }, operation }: Call): AskedHead {
  return { method, operation, headers: fields };
}

/** What the request's body means to this deck; read only where it has a say, and only once. */
export async function meaningFor(call: Call, request: Asked, deck: Deck): Promise<BodyMeaning> {
  return deck.needsBody(request) ? bodyOf(call, deck) : NO_BODY;
}

/** What the request's body means to this deck, read if it was not yet. */
export async function bodyOf(call: Call, deck: Deck): Promise<BodyMeaning> {
  const rules = deck.wording;
  const known = call.meanings.get(rules);
  if (known !== undefined) return known;
  const meaning = streamedMeaning(call.operation.name, call.wholeBody(), deck.reading);
  call.meanings.set(rules, meaning);
  return meaning;
}

async function perform(call: Call, deck: Deck, scene: Scene, score: Score): Promise<void> {
  const { operation } = deck.asked(headOf(call));
  const caught = scene.pattern?.caughtFrom(operation.path);
  const recorded = caught === undefined ? scene.entry.exchange() : exchangeWithCaught(scene.entry.exchange(), caught);
  const ports = deck.ports.follow(scene, deck.scenes);
  if (ports !== undefined) await ports;
  const exchange = exchangeToday(recorded, deck.words);
  deck.begin(scene, operation);
  await play(call, exchange, score, () => deck.end(scene));
}

function scoreOf(deck: Deck, clock: Clock, tempo: Tempo): Score {
  const { header } = deck.cassette;
  const { cues, marks, vigil, sessions, bindings, words, pieces } = deck;
  const { everyResponse, recorded } = header;
  return {
    everyResponse,
    date: httpDate(recorded?.at),
    cues,
    marks,
    vigil,
    sessions,
    bindings,
    words,
    tempo,
    clock,
    pieces,
  };
}
