/**
 * The ids that clients make for a build: its Ref, its sessions, its uploads (buildkit identity/randomid.go). They are 25
 * characters of base36 and differ in each run, so they are replaced in text and in bytes without decoding them.
 */
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";

const ID = /(?<![a-z0-9])[a-z0-9]{25}(?![a-z0-9])/g;

/** Ids of the recording, and those that stand for them today. */
export class BuildIds {
  readonly #today = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** The first binding of an id holds. */
  bind(recorded: string, today: string): void {
    if (this.#today.has(recorded)) return;
    this.#today.set(recorded, today);
    this.#recorded.set(today, recorded);
  }

  /** Binds each id of the recorded message to the one at the same place of today's. */
  bindAlike(recorded: JsonMessageValue | undefined, today: JsonMessageValue | undefined): void {
    if (typeof recorded === "string" && typeof today === "string") this.#bindTexts(recorded, today);
    if (!isObject(recorded) || !isObject(today)) return;
    for (const [key, value] of Object.entries(recorded)) this.bindAlike(value, today[key]);
  }

  findToday(recorded: string): string | undefined {
    return this.#today.get(recorded);
  }

  toToday(text: string): string {
    return text.replace(ID, (id) => this.#today.get(id) ?? id);
  }

  toTodayBytes(bytes: Buffer): Buffer {
    return Buffer.from(this.toToday(bytes.toString("latin1")), "latin1");
  }

  toRecorded(text: string): string {
    return text.replace(ID, (id) => this.#recorded.get(id) ?? id);
  }

  #bindTexts(recorded: string, today: string): void {
    const ids = today.match(ID) ?? [];
    for (const [at, id] of (recorded.match(ID) ?? []).entries()) if (ids[at] !== undefined) this.bind(id, ids[at]);
  }
}

/** The text as it is in every run. */
export function withoutIds(text: string): string {
  return text.replace(ID, "<id>");
}

function isObject(value: JsonMessageValue | undefined): value is { readonly [key: string]: JsonMessageValue } {
  return typeof value === "object";
}
