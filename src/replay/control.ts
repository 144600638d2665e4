/** Playback control: what a test in any language can do with a replay while it runs (docs/cli.md, "Playback control"). */
import { UsageError } from "../base/errors.ts";
import type { Call, Responder } from "../session/call.ts";
import {
  type Command,
  type Commands,
  type ControlAnswer,
  controlled,
  controlText,
  joinedCommands,
  notFound,
  ok,
  okJson,
  refused,
  uncontrolled,
} from "../session/control.ts";
import type { Deck } from "./deck/deck.ts";
import { type Playthrough, type Playthroughs, rewind as rewindOne } from "./playthrough.ts";
import { reportJson, reportOf } from "./report.ts";
import { stateOf } from "./state.ts";

export interface Playback {
  readonly playthroughs: Playthroughs;
  readonly problems: readonly unknown[];
  /**
   * The cassette at `path`, ready to be played.
   * @throws WhalesongError if there is none, or it cannot be understood
   */
  load(path: string): Deck;
}

/** `more`: what else can be told to do something here. */
export function control(playback: Playback, more: Commands = new Map()): Responder {
  return controlled(joinedCommands(playbackCommands(playback), more));
}

function playbackCommands(playback: Playback): Commands {
  return new Map<string, Command>([
    ["GET /_whalesong/state", (call) => state(playback, call)],
    ["GET /_whalesong/report", (call) => report(playback, call)],
    ["POST /_whalesong/rewind", (call) => rewind(playback, call)],
    ["POST /_whalesong/insert", (call) => insert(playback, call)],
    ["POST /_whalesong/eject", (call) => eject(playback, call)],
  ]);
}

/** Where a live daemon would be asked: nothing can be controlled there, and the daemon never hears of it. */
export const refuseControl: Responder = uncontrolled(
  "a recording cannot be controlled: there is no `/_whalesong` but in a replay or a mock",
);

/** Of the session that the call names, else of those that name none. */
function state({ playthroughs }: Playback, call: Call): ControlAnswer {
  const { main, sessions } = playthroughs;
  return okJson(stateOf(playthroughs.named(call) ?? main, sessions));
}

/** Of the session that the call names, else of all. */
function report({ playthroughs, problems }: Playback, call: Call): ControlAnswer {
  const { rack, misses } = playthroughs.named(call) ?? { rack: playthroughs.decks, misses: playthroughs.misses };
  return ok(reportJson(reportOf(rack, misses, problems)));
}

async function rewind(playback: Playback, call: Call): Promise<ControlAnswer> {
  const { playthroughs } = playback;
  const named = playthroughs.named(call);
  await (named === undefined ? playthroughs.rewind() : rewindOne(named));
  return state(playback, call);
}

function addressed({ playthroughs }: Playback, call: Call): readonly Playthrough[] {
  const named = playthroughs.named(call);
  return named === undefined ? playthroughs.all : [named];
}

async function insert(playback: Playback, call: Call): Promise<ControlAnswer> {
  const path = await cassetteNamed(call);
  const racks = addressed(playback, call).map(({ rack }) => rack);
  if (racks.some((rack) => rack.find(path) !== undefined)) {
    return refused(409, "Conflict", `\`${path}\` is inserted already; rewind, or eject it first`);
  }
  const deck = playback.load(path);
  for (const rack of racks) rack.insert(deck.rewound());
  return state(playback, call);
}

/** Says how the cassette was played. */
async function eject(playback: Playback, call: Call): Promise<ControlAnswer> {
  const path = await cassetteNamed(call);
  const racks = addressed(playback, call).map(({ rack }) => rack);
  const decks = racks.flatMap((rack) => rack.find(path) ?? []);
  if (decks.length === 0) {
    const files = [...(racks[0] ?? [])].map(({ cassette }) => `\`${cassette.file}\``).join(", ") || "nothing";
    return notFound(`\`${path}\` is not inserted; inserted is ${files}`);
  }
  const report = reportJson(reportOf(decks, [], []));
  await Promise.all(racks.map((rack) => rack.eject(path)));
  return ok(report);
}

/** @throws UsageError `WHALESONG_BAD_CONTROL` if the body names none */
async function cassetteNamed(call: Call): Promise<string> {
  const text = await controlText(call);
  const path = memberOf(text, "cassette");
  if (typeof path === "string" && path !== "") return path;
  const got = text === "" ? "nothing" : `\`${text.slice(0, 100)}\``;
  throw new UsageError("WHALESONG_BAD_CONTROL", `the body must be JSON like \`{"cassette": "web.yaml"}\`, got ${got}`);
}

function memberOf(text: string, name: string): unknown {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined;
  }
}
