import type { CassetteHeader, Rules } from "../../cassette/model.ts";
import { OF_MOCK } from "../../cassette/recorded-from.ts";
import { findEveryResponseFields } from "../../cassette/response-head.ts";
import { formatHeader } from "../../cassette/write.ts";
import { NO_RULES, withRules } from "../../match/rules/header-rules.ts";
import type { RuleInput } from "../../match/rules/resolve-rules.ts";
import { findFieldValue, type HeaderField } from "../../wire/http/head.ts";
import { UserAgents } from "./user-agents.ts";

/** When a recording is made, by which whalesong, and of what kind of daemon. */
export interface RecordingOrigin {
  readonly at: string;
  readonly by: string;
  /** Whether the daemon is the mock. @default false */
  readonly isSimulated?: boolean;
}

export interface HeaderOptions {
  readonly recorded: RecordingOrigin;
  /** The header of the cassette that is added to or recorded anew. */
  readonly previous: CassetteHeader | undefined;
  /** Rules beside those of the previous header. */
  readonly rules: RuleInput | undefined;
  /** Rules of redaction beside those of the previous header. */
  readonly redact: readonly string[];
}

/** Builds the cassette's header from what passes: the daemon, the clients, the headers that every response has. */
export class HeaderBuilder {
  readonly rules: Rules;
  readonly redact: readonly string[];
  readonly #recorded: RecordingOrigin;
  readonly #ports: CassetteHeader["ports"];
  readonly #userAgents: UserAgents;
  #everyResponse: readonly HeaderField[];
  #from: string | undefined;

  constructor({ recorded, previous, rules = {}, redact }: HeaderOptions) {
    this.redact = [...new Set([...(previous?.redact ?? []), ...redact])];
    this.rules = withRules(previous?.rules ?? NO_RULES, rules);
    this.#recorded = recorded;
    this.#ports = previous?.ports;
    this.#userAgents = new UserAgents(previous?.recorded?.client);
    this.#everyResponse = previous?.everyResponse ?? [];
    this.#from = previous?.recorded?.from;
  }

  /** The headers that every response has; documents leave them out. */
  get everyResponse(): readonly HeaderField[] {
    return this.#everyResponse;
  }

  noteRequest(fields: readonly HeaderField[]): void {
    this.#userAgents.note(fields);
  }

  /** Learns from the first response that has them which headers every response has. Returns whether it learned. */
  noteResponse(fields: readonly HeaderField[]): boolean {
    if (this.#everyResponse.length > 0) return false;
    this.#everyResponse = findEveryResponseFields(fields);
    this.#from = describeDaemon(this.#everyResponse, this.#recorded);
    return this.#everyResponse.length > 0;
  }

  /** The header's document. */
  toText(state: "unfinished" | "finished"): string {
    const from = this.#from === undefined ? {} : { from: this.#from };
    const client = this.#userAgents.text === undefined ? {} : { client: this.#userAgents.text };
    return formatHeader({
      version: 1,
      recorded: { at: this.#recorded.at, by: this.#recorded.by, ...from, ...client },
      everyResponse: this.#everyResponse,
      rules: this.rules,
      redact: this.redact,
      ...(this.#ports === undefined ? {} : { ports: this.#ports }),
      isUnfinished: state === "unfinished",
    });
  }
}

/** `Docker Engine 20.10.24, API 1.41, linux`, from the headers of a response. */
function describeDaemon(fields: readonly HeaderField[], { isSimulated = false }: RecordingOrigin): string | undefined {
  const [, engine] = /^Docker\/(\S+)/.exec(findFieldValue(fields, "Server") ?? "") ?? [];
  const api = findFieldValue(fields, "Api-Version");
  const os = findFieldValue(fields, "Ostype");
  if (engine === undefined) return undefined;
  const release = `${isSimulated ? OF_MOCK : ""}Docker Engine ${engine}`;
  return [release, `API ${api}`, ...(os ? [os] : [])].join(", ");
}
