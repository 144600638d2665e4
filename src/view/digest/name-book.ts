/** What a cassette has shown so far of the names behind ids, for people: `web` instead of 64 digits. */
import { detachText } from "../../base/detach-text.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { getList, getText } from "./json-value.ts";

const LONG_ID = /\b(sha256:)?([0-9a-f]{64})\b/g;
const WHOLE_ID = /^[0-9a-f]{64}$/;
const SHORT = 12;

/** A command that was started in a container. */
export interface ExecFacts {
  readonly container: string;
  readonly command: string;
}

/** Keeps of a long id only what people quote of it: a large cassette makes 100,000 containers. */
export class NameBook {
  /** By the first 12 digits of long ids, by other ids as they are. */
  readonly #names = new Map<string, string>();
  readonly #execs = new Map<string, ExecFacts>();

  /** Remembers names that an exchange shows. */
  learn({ name, params, query }: Operation, request: unknown, response: unknown): void {
    const id = getText(response, "Id");
    if (name === "ContainerCreate") this.#nameThing(id, query.find(([key]) => key === "name")?.[1]);
    else if (name === "NetworkCreate") this.#nameThing(id, getText(request, "Name"));
    else if (name === "ContainerInspect" || name === "NetworkInspect") this.#nameThing(id, getText(response, "Name"));
    else if (name === "ContainerList" || name === "NetworkList") this.#learnList(response);
    else if (name === "ContainerExec") this.#learnExec(id, params.id ?? "", request);
    else if (name === "ContainerRename")
      this.#rename(params.id ?? "", query.find(([key]) => key === "name")?.[1] ?? "");
  }

  findExec(id: string): ExecFacts | undefined {
    return this.#execs.get(toKey(id));
  }

  /** The name of a container or network, else the first 12 digits of a long id, else `reference` itself. */
  nameThing(reference: string): string {
    return this.#names.get(toKey(reference)) ?? this.shorten(reference);
  }

  /** `text` with each long id replaced by a name or by its first 12 digits. */
  shorten(text: string): string {
    return text.replace(LONG_ID, (_, _algorithm, id: string) => this.#names.get(toKey(id)) ?? id.slice(0, SHORT));
  }

  #learnList(response: unknown): void {
    for (const item of getList(response)) {
      const [first] = getList(item, "Names");
      this.#nameThing(getText(item, "Id"), typeof first === "string" ? first : getText(item, "Name"));
    }
  }

  #learnExec(id: string, container: string, request: unknown): void {
    const command = getList(request, "Cmd").filter((word): word is string => typeof word === "string");
    if (id === "") return;
    this.#execs.set(toKey(id), { container: detachText(container), command: formatCommand(command) });
  }

  #rename(from: string, to: string): void {
    for (const [id, name] of this.#names) if (name === from || id === toKey(from)) this.#names.set(id, detachText(to));
  }

  #nameThing(id: string, name: string | undefined): void {
    if (id === "" || name === undefined || name === "") return;
    const plain = detachText(name.replace(/^\//, ""));
    this.#names.set(toKey(id), plain);
    this.#names.set(id.slice(0, SHORT), plain);
  }
}

function toKey(id: string): string {
  return WHOLE_ID.test(id) ? id.slice(0, SHORT) : id;
}

/** `text` with the first 12 digits of each long id. */
export function shortenIds(text: string): string {
  return text.replace(LONG_ID, (_, _algorithm, id: string) => id.slice(0, SHORT));
}

/** A command as one would type it: words with blanks or quotes are quoted. */
export function formatCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoteWord(word))).join(" ");
}

function quoteWord(word: string): string {
  return word.includes("'") ? JSON.stringify(word) : `'${word}'`;
}
