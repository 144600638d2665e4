/** The verbs, in the order in which they are told. */
import type { CommandModule } from "yargs";
import { defineVerb } from "./verb.ts";

export const VERBS: readonly CommandModule[] = [
  defineVerb("record <cassette>", "Record what passes between clients and a daemon", () => import("./verbs/record.ts")),
  defineVerb(
    "replay <cassettes..>",
    "Play cassettes to clients; no daemon is asked",
    () => import("./verbs/replay.ts"),
  ),
  defineVerb(
    "run <cassette>",
    "Record a command if there is no cassette, else replay it",
    () => import("./verbs/run.ts"),
  ),
  defineVerb("mock", "Simulate a daemon: no recording, no Docker", () => import("./verbs/mock.ts")),
  defineVerb("show <cassette>", "Print a cassette as a transcript, one line an event", () => import("./verbs/show.ts")),
  defineVerb(
    "check <cassettes..>",
    "Check that cassettes parse, keep to the format, and have their sidecars whole",
    () => import("./verbs/check.ts"),
  ),
  defineVerb(
    "suggest <cassette> <second>",
    "Compare two recordings of one session; print the rules that make them equal",
    () => import("./verbs/suggest.ts"),
  ),
  defineVerb(
    "import <file> <cassette>",
    "Turn a nock fixture or a HAR into a cassette",
    () => import("./verbs/import.ts"),
  ),
  defineVerb(
    "help <code>",
    "Explain an error code: what happened, whose fault it is, the ways out",
    () => import("./verbs/help.ts"),
  ),
] as readonly CommandModule<object, never>[] as readonly CommandModule[];
