/** The things that a recording makes, found by the words that name them: ids, short ids and names. */
import { readStatus } from "../../cassette/read.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { findMadeKind } from "../history/thing-names.ts";

/** A container, an exec, a network, a volume, or a thing of a swarm. */
export interface MadeThing {
  /** Things are counted in the order in which they were made. */
  readonly number: number;
  readonly kind: string;
  readonly maker: PlacedExchange;
  /** Its id and its names. Two things of one kind have them in the same order. */
  readonly words: readonly string[];
}

/** A text without what names things, and the things that it names, in their order. */
export interface MaskedRequest {
  readonly shape: string;
  readonly things: readonly MadeThing[];
}

const LONG_ID = /^[0-9a-f]{64}$/;
const SHORT_ID_LENGTH = 12;
/** What may be the name or the id of a thing. */
const WORD = /[A-Za-z0-9][\w.-]*/g;
/** Documents are not parsed for it: JSON or YAML. */
const NAMED = /(?<=[\s{,])"?(?:Name|Id|ID)"?:\s*"?([A-Za-z0-9][\w.-]*)/;

export class MadeThings {
  readonly #byMaker = new Map<PlacedExchange, MadeThing>();
  /** Undefined for a word that several things had, one after the other: it tells nothing. */
  readonly #byWord = new Map<string, MadeThing | undefined>();

  constructor(exchanges: readonly PlacedExchange[]) {
    for (const maker of exchanges) this.#add(maker);
  }

  findByMaker(maker: PlacedExchange): MadeThing | undefined {
    return this.#byMaker.get(maker);
  }

  mask(text: string): MaskedRequest {
    const things: MadeThing[] = [];
    const shape = text.replace(WORD, (word) => {
      const thing = this.#byWord.get(word);
      if (thing === undefined) return word;
      things.push(thing);
      return `<${thing.kind}>`;
    });
    return { shape, things };
  }

  #add(maker: PlacedExchange): void {
    const kind = findMadeKind(maker.operation);
    if (kind === undefined || !hasSucceeded(maker)) return;
    const words = [...new Set(scanNames(maker))].flatMap(withShortId);
    const thing = { number: this.#byMaker.size, kind, maker, words };
    this.#byMaker.set(maker, thing);
    for (const word of words) this.#byWord.set(word, this.#byWord.has(word) ? undefined : thing);
  }
}

function hasSucceeded({ entry }: PlacedExchange): boolean {
  const status = readStatus(entry);
  return status !== undefined && status < 300;
}

/** The id or the name that the daemon has given, then the name that the client has. */
function scanNames({ operation, entry }: PlacedExchange): readonly string[] {
  const text = entry.readText();
  const split = text.indexOf("\nresponse:");
  const isContainers = operation.name.startsWith("Container");
  const names = [text.slice(split), isContainers ? "" : text.slice(0, split)].flatMap(
    (part) => NAMED.exec(part)?.[1] ?? [],
  );
  return [...names, ...operation.query.flatMap(([name, value]) => (isContainers && name === "name" ? [value] : []))];
}

function withShortId(word: string): readonly string[] {
  return LONG_ID.test(word) ? [word, word.slice(0, SHORT_ID_LENGTH)] : [word];
}
