/** The verbs, in the order in which they are told. */
import type { CommandModule } from "yargs";
import { verb } from "./verb.ts";

export const VERBS: readonly CommandModule[] = [
  verb("record <cassette>", "Record what passes between clients and a daemon", () => import("./verbs/record.ts")),
  verb("replay <cassettes..>", "Play cassettes to clients; no daemon is asked", () => import("./verbs/replay.ts")),
  verb("run <cassette>", "Record a command if there is no cassette, else replay it", () => import("./verbs/run.ts")),
  verb("mock", "Simulate a daemon: no recording, no Docker", () => import("./verbs/mock.ts")),
  verb("show <cassette>", "Print a cassette as a transcript, one line an event", () => import("./verbs/show.ts")),
  verb(
    "check <cassettes..>",
    "Check that cassettes parse, keep to the format, and have their sidecars whole",
    () => import("./verbs/check.ts"),
  ),
  verb(
    "suggest <cassette> <second>",
    "Compare two recordings of one session; print the rules that make them equal",
    () => import("./verbs/suggest.ts"),
  ),
  verb("import <file> <cassette>", "Turn a nock fixture or a HAR into a cassette", () => import("./verbs/import.ts")),
  verb(
    "help <code>",
    "Explain an error code: what happened, whose fault it is, the ways out",
    () => import("./verbs/help.ts"),
  ),
] as readonly CommandModule<object, never>[] as readonly CommandModule[];
