/**
 * The ids that a daemon makes. Another one makes others, so a script reads each of them from the answer of today into a
 * variable of the shell, and asks with that.
 */
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { Exchange } from "../../cassette/model.ts";

/** What makes a thing with an id, and what its variable is called. */
const MAKERS: Readonly<Record<string, string>> = {
  ContainerCreate: "container",
  ContainerExec: "exec",
  NetworkCreate: "network",
  ServiceCreate: "service",
  SecretCreate: "secret",
  ConfigCreate: "config",
};
/** As long as a short id, and no word that may stand for something else. */
const ID = /^(?=\D*\d)[0-9a-z]{12,64}$/;
const SHORT_LENGTH = 12;
/** In a query, a quote before an id is `%22`, whose digits are no part of the id. */
const TOKEN = /(?:(?<=%[0-9A-Fa-f]{2})|(?<![0-9A-Za-z%]))[0-9a-z]{12,64}(?![0-9A-Za-z])/g;

/** Defines `id_of`, which prints the id in an answer, or ends the script. */
export const ID_FUNCTION = `id_of() {
  id=$(printf %s "$1" | sed -n 's/.*"I[dD]" *: *"\\([0-9a-z]*\\)".*/\\1/p')
  if [ -z "$id" ]; then echo "no id in the answer: $1" >&2; exit 1; fi
  printf %s "$id"
}
`;

export class MadeIds {
  /** Names of variables, by the recorded ids, long and short. */
  readonly #variables = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** The command, which leaves the id of its answer in a variable, if the exchange has made something with an id. */
  capture(operation: string, { response }: Exchange, command: string): string {
    const kind = MAKERS[operation];
    const id = response?.status === 201 && Buffer.isBuffer(response.body) ? readId(response.body) : undefined;
    if (kind === undefined || id === undefined) return command;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const variable = `${kind}_${count}`;
    this.#variables.set(id, variable).set(id.slice(0, SHORT_LENGTH), variable);
    return `answer=$(${command})\nprintf '%s\\n' "$answer"\n${variable}=$(id_of "$answer")`;
  }

  /** A command with variables in the places of recorded ids: all of its words are in single quotes. */
  insertVariables(command: string): string {
    if (this.#variables.size === 0) return command;
    return command.replace(TOKEN, (token) => {
      const variable = this.#variables.get(token);
      return variable === undefined ? token : `'"$${variable}"'`;
    });
  }
}

function readId(body: Buffer): string | undefined {
  try {
    const { Id, ID: swarmId } = parseBoundedJson(body.toString()) as { readonly Id?: unknown; readonly ID?: unknown };
    const id = String(Id ?? swarmId);
    return ID.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
