/**
 * The control door of `whalesong serve`. It is a listener of its own, so that a recorder never has to look for control
 * requests among those that it forwards (docs/decisions/0009-a-recorder-has-no-control.md). Each cassette that is
 * inserted gets a socket of its own, so that tests that run side by side need no header to be told apart.
 */
import { randomUUID } from "node:crypto";
import { UsageError } from "../../base/errors.ts";
import { createSocketUrl, type Listener, listen } from "../../io/listen/listen.ts";
import type { Call } from "../../session/call.ts";
import {
  type ControlAnswer,
  type ControlCommand,
  createControlResponder,
  createRefusal,
  readControlText,
  toCreatedAnswer,
  toJsonAnswer,
} from "../../session/control.ts";
import { createDaemon } from "../../session/daemon.ts";
import { version } from "../../version.ts";
import { findCallerWords } from "./caller-words.ts";
import { createVerdict, type InsertionVerdict, listUnusedFaults } from "./insertion-verdict.ts";
import { type InsertionContext, type OpenInsertion, openInsertion } from "./open-insertion.ts";
import { type InsertionRequest, parseInsertion } from "./parse-insertion.ts";

const ROOT = "/_whalesong/cassettes";
/** Query parameters of `DELETE`. */
const OUTCOMES: readonly string[] = ["failed", "discard"];

/** An inserted cassette, as the control door tells it. */
export interface InsertionState {
  readonly id: string;
  readonly mode: string;
  readonly cassette?: string;
  /** The value for DOCKER_HOST. */
  readonly dockerHost: string;
}

interface Insertion {
  readonly request: InsertionRequest;
  readonly server: OpenInsertion;
  readonly state: InsertionState;
}

/** Options of `CassetteServer.start`. */
export interface CassetteServerOptions extends InsertionContext {
  /** Where the control door listens. @default a unix socket in a new private folder */
  readonly control?: string;
}

/** A running control door, and the cassettes that were inserted through it. */
export class CassetteServer {
  readonly #context: InsertionContext;
  readonly #insertions = new Map<string, Insertion>();
  /** Each inserted cassette adds commands of its own. */
  readonly #commands = new Map<string, ControlCommand>([
    [`GET ${ROOT}`, () => this.#listInsertions()],
    [`POST ${ROOT}`, (call) => this.#insert(call)],
  ]);
  #listener: Listener | undefined;
  #isClosing = false;

  private constructor(context: InsertionContext) {
    this.#context = context;
  }

  /** @throws EnvironmentError if the address cannot be listened on */
  static async start({ control = createSocketUrl(), ...context }: CassetteServerOptions): Promise<CassetteServer> {
    const server = new CassetteServer(context);
    const daemon = createDaemon(createControlResponder(server.#commands), createRefusal(explainDoor()));
    server.#listener = await listen(control, daemon, { onError: context.warn });
    return server;
  }

  /** The address of the control door. */
  get url(): string {
    return this.#listener?.url ?? "";
  }

  /**
   * Closes the control door and all sockets. What is still inserted is ended as a test that failed: its recording is
   * thrown away, for it is of half a test.
   * @returns what was still inserted
   */
  async close(): Promise<readonly InsertionState[]> {
    this.#isClosing = true;
    const left = [...this.#insertions.values()];
    await Promise.all([this.#listener?.close(), ...left.map((insertion) => this.#end(insertion, true))]);
    return left.map(({ state }) => state);
  }

  #listInsertions(): ControlAnswer {
    return toJsonAnswer({ whalesong: version, cassettes: [...this.#insertions.values()].map(({ state }) => state) });
  }

  async #insert(call: Call): Promise<ControlAnswer> {
    const request = parseInsertion(await readControlText(call));
    const server = await openInsertion(request, this.#context);
    const id = randomUUID();
    const { cassette } = request;
    const state = { id, mode: server.mode, ...(cassette === undefined ? {} : { cassette }), dockerHost: server.url };
    const insertion = { request, server, state };
    // While it was opened, the door may have been closed.
    if (this.#isClosing) await server.end(true);
    else this.#remember(insertion);
    return toCreatedAnswer(state);
  }

  #remember(insertion: Insertion): void {
    const { state } = insertion;
    this.#insertions.set(state.id, insertion);
    this.#commands.set(`GET ${ROOT}/${state.id}`, () => toJsonAnswer(state));
    this.#commands.set(`DELETE ${ROOT}/${state.id}`, async (call) => {
      const { failed, discard } = readOutcome(call);
      return toJsonAnswer(await this.#end(insertion, failed, discard));
    });
  }

  async #end({ request, server, state }: Insertion, failed: boolean, discard = false): Promise<InsertionVerdict> {
    const { allowUnplayed = false, keepFailed = false, failOnUnusedFaults = false, cassette, recordCommand } = request;
    this.#insertions.delete(state.id);
    for (const method of ["GET", "DELETE"]) this.#commands.delete(`${method} ${ROOT}/${state.id}`);
    const report = await server.end(discard || (failed && !keepFailed));
    const unusedFaults = server.listUnusedFaults?.() ?? listUnusedFaults(report);
    const { unplayedOption } = findCallerWords(request.caller);
    const measure = { allowUnplayed, failOnUnusedFaults, failed, recordCommand, unplayedOption };
    return createVerdict(report, { mode: server.mode, cassette, unusedFaults, ...measure });
  }
}

function explainDoor(): string {
  return `this is the control door of \`whalesong serve\`, not a daemon: \`POST ${ROOT}\` inserts a cassette, and its answer has the DOCKER_HOST to use`;
}

/** @throws UsageError `WHALESONG_BAD_CONTROL` */
function readOutcome({ operation: { query } }: Call): { readonly failed: boolean; readonly discard: boolean } {
  for (const [name, value] of query) {
    if (OUTCOMES.includes(name) && ["", "1", "true", "0", "false"].includes(value)) continue;
    throw new UsageError(
      "WHALESONG_BAD_CONTROL",
      `the query of DELETE must be \`failed=true\` or \`discard=true\`, got \`${name}=${value}\``,
    );
  }
  const isSet = (outcome: string): boolean =>
    query.some(([name, value]) => name === outcome && value !== "0" && value !== "false");
  return { failed: isSet("failed"), discard: isSet("discard") };
}
