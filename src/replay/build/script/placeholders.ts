/**
 * Ids of a run are placeholders in a cassette: `<ref>`, `<session:2>`, `<id:1>`, `<ref of NAME>`. A replay makes ids of
 * the usual 25 characters of them, so that messages keep their sizes and today's ids can take their place.
 */
import { createHash } from "node:crypto";
import type { JsonMessageValue } from "../../../wire/protobuf/json-message.ts";

const PLACEHOLDER = /<(ref|session|id)(?::(\d+))?(?: of ([^<>]+))?>/g;
const LENGTH = 25;
const BASE = 36n;

/** The ids of one document. */
export class DocumentIds {
  readonly #document: number;
  readonly #documentsByName: ReadonlyMap<string, number>;

  /** @param documentsByName the numbers of the documents that have names */
  constructor(document: number, documentsByName: ReadonlyMap<string, number>) {
    this.#document = document;
    this.#documentsByName = documentsByName;
  }

  /** The Ref of a build, counted from 1. */
  getRef(build: number): string {
    return createId(this.#document, "ref", build);
  }

  /** @param session its number, as in the placeholder */
  getSession(session: number): string {
    return createId(this.#document, "session", session);
  }

  fill(text: string): string {
    return text.replace(PLACEHOLDER, (whole, kind: string, number = "1", name?: string) => {
      const document = name === undefined ? this.#document : this.#documentsByName.get(name);
      return document === undefined ? whole : createId(document, kind, Number(number));
    });
  }

  /** All texts of a message. */
  fillMessage(message: JsonMessageValue): JsonMessageValue {
    if (typeof message === "string") return this.fill(message);
    if (typeof message !== "object") return message;
    if (Array.isArray(message)) return message.map((item: JsonMessageValue) => this.fillMessage(item));
    return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, this.fillMessage(value)]));
  }
}

/** The same in every replay. */
function createId(document: number, kind: string, number: number): string {
  const digest = createHash("sha256").update(`${document} ${kind} ${number}`).digest("hex");
  return (BigInt(`0x${digest}`) % BASE ** BigInt(LENGTH)).toString(Number(BASE)).padStart(LENGTH, "0");
}
