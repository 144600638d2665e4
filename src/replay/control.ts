/** Playback control: what a test in any language can do with a replay while it runs (docs/cli.md, "Playback control"). */

import { UsageError } from "../base/errors.ts";
import { parseBoundedJson } from "../base/parse-json.ts";
import type { Call, Responder } from "../session/call.ts";
import {
  type ControlAnswer,
  type ControlCommand,
  type ControlCommands,
  createControlRefusal,
  createControlResponder,
  joinCommands,
  readControlText,
  toErrorAnswer,
  toJsonAnswer,
  toNotFoundAnswer,
  toOkAnswer,
} from "../session/control.ts";
import type { Deck } from "./deck/deck.ts";
import { type ReplaySession, type ReplaySessions, rewindSession } from "./replay-sessions.ts";
import { createReport, formatReport } from "./report.ts";
import { createState } from "./state.ts";

/** The replay that the control paths show and change. */
export interface ControlTarget {
  readonly sessions: ReplaySessions;
  readonly problems: readonly unknown[];
  /**
   * The cassette at `path`, ready to be played.
   * @throws WhalesongError if there is none, or if it cannot be read
   */
  loadDeck(path: string): Deck;
}

/**
 * Creates a responder for the paths below `/_whalesong` (docs/cli.md).
 * @param more commands beside those of the replay
 * @example
 * const pieces = async function* () {};
 * const sessions = new ReplaySessions([new Deck(readCassette("web.yaml"), { pieces })], { isPerConnection: false });
 * const loadDeck = (path) => new Deck(readCassette(path), { pieces });
 * const daemon = createDaemon(
 *   createReplayControl({ sessions, problems: [], loadDeck }),
 *   replay(sessions.decksFor, { clock: systemClock }),
 *   respondToMiss((call) => sessions.findForCall(call)),
 * );
 */
export function createReplayControl(target: ControlTarget, more: ControlCommands = new Map()): Responder {
  return createControlResponder(joinCommands(createCommands(target), more));
}

function createCommands(target: ControlTarget): ControlCommands {
  return new Map<string, ControlCommand>([
    ["GET /_whalesong/state", (call) => reportState(target, call)],
    ["GET /_whalesong/report", (call) => reportReplay(target, call)],
    ["POST /_whalesong/rewind", (call) => rewindSessions(target, call)],
    ["POST /_whalesong/insert", (call) => insertCassette(target, call)],
    ["POST /_whalesong/eject", (call) => ejectCassette(target, call)],
  ]);
}

/** For modes that talk to a live daemon: they have nothing to control, and the daemon must not see the request. */
export const refuseControl: Responder = createControlRefusal(
  "a recording cannot be controlled: there is no `/_whalesong` but in a replay or a mock",
);

/** The state of the session that the call names, else of the main one. */
function reportState({ sessions }: ControlTarget, call: Call): ControlAnswer {
  return toJsonAnswer(createState(sessions.findNamed(call) ?? sessions.main, sessions.names));
}

/** The report of the session that the call names, else of all. */
function reportReplay({ sessions, problems }: ControlTarget, call: Call): ControlAnswer {
  const named = sessions.findNamed(call);
  const { decks, misses } = named ?? { decks: sessions.allDecks, misses: sessions.allMisses };
  return toOkAnswer(formatReport(createReport(decks, misses, problems)));
}

async function rewindSessions(target: ControlTarget, call: Call): Promise<ControlAnswer> {
  const { sessions } = target;
  const named = sessions.findNamed(call);
  await (named === undefined ? sessions.rewind() : rewindSession(named));
  return reportState(target, call);
}

/** The session that the call names, else all. */
function selectSessions({ sessions }: ControlTarget, call: Call): readonly ReplaySession[] {
  const named = sessions.findNamed(call);
  return named === undefined ? sessions.all : [named];
}

async function insertCassette(target: ControlTarget, call: Call): Promise<ControlAnswer> {
  const path = await readCassettePath(call);
  const lists = selectSessions(target, call).map(({ decks }) => decks);
  if (lists.some((decks) => decks.find(path) !== undefined)) {
    return toErrorAnswer(409, "Conflict", `\`${path}\` is inserted already; rewind, or eject it first`);
  }
  const deck = target.loadDeck(path);
  for (const decks of lists) decks.insert(deck.createCopy());
  return reportState(target, call);
}

/** Answers with the report of the cassette. */
async function ejectCassette(target: ControlTarget, call: Call): Promise<ControlAnswer> {
  const path = await readCassettePath(call);
  const lists = selectSessions(target, call).map(({ decks }) => decks);
  const ejected = lists.flatMap((decks) => decks.find(path) ?? []);
  if (ejected.length === 0) {
    const files = [...(lists[0] ?? [])].map(({ cassette }) => `\`${cassette.file}\``).join(", ") || "nothing";
    return toNotFoundAnswer(`\`${path}\` is not inserted; inserted is ${files}`);
  }
  const report = formatReport(createReport(ejected, [], []));
  await Promise.all(lists.map((decks) => decks.eject(path)));
  return toOkAnswer(report);
}

/** @throws UsageError `WHALESONG_BAD_CONTROL` if the body names none */
async function readCassettePath(call: Call): Promise<string> {
  const text = await readControlText(call);
  const path = readMember(text, "cassette");
  if (typeof path === "string" && path !== "") return path;
  const got = text === "" ? "nothing" : `\`${text.slice(0, 100)}\``;
  throw new UsageError("WHALESONG_BAD_CONTROL", `the body must be JSON like \`{"cassette": "web.yaml"}\`, got ${got}`);
}

function readMember(text: string, name: string): unknown {
  try {
    return (parseBoundedJson(text) as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined;
  }
}
