/** The verbs, in the order of the help. */
import type { CommandModule } from "yargs";
import { createCommand, type VerbContext, type VerbLine } from "./verb.ts";

export const VERBS: readonly VerbLine[] = [
  {
    command: "record <cassette>",
    describe: "Record what passes between clients and a daemon",
    isOftenPlain: true,
    load: () => import("./verbs/record.ts"),
  },
  {
    command: "replay <cassettes..>",
    describe: "Play cassettes to clients, without a daemon",
    isOftenPlain: true,
    load: () => import("./verbs/replay.ts"),
  },
  {
    command: "run <cassette>",
    describe: "Record a command if there is no cassette, otherwise replay it",
    isOftenPlain: true,
    load: () => import("./verbs/run.ts"),
  },
  {
    command: "mock",
    describe: "Simulate a daemon: no recording, no Docker",
    load: () => import("./verbs/mock.ts"),
  },
  {
    command: "serve",
    describe: "Insert cassettes over HTTP, each with a socket of its own: for tests in any language",
    load: () => import("./verbs/serve.ts"),
  },
  {
    command: "edit <action> <cassette> [operands..]",
    describe: "Change a cassette: keep, drop, split, merge, rename, retime, fmt, embed",
    load: () => import("./verbs/edit.ts"),
  },
  {
    command: "export <format> <cassette>",
    describe: "Turn a cassette into a HAR, an asciicast or a script of curl",
    load: () => import("./verbs/export.ts"),
  },
  {
    command: "push <reference> <cassettes..>",
    describe: "Push cassettes to a registry, as an OCI artifact",
    load: () => import("./verbs/push.ts"),
  },
  {
    command: "pull <reference>",
    describe: "Pull cassettes from a registry",
    load: () => import("./verbs/pull.ts"),
  },
  {
    command: "bundle",
    describe: "Record a command into one file that others can open: for bug reports",
    load: () => import("./verbs/bundle.ts"),
  },
  {
    command: "open <file>",
    describe: "Replay a bundle, and print or run its command",
    load: () => import("./verbs/open.ts"),
  },
  {
    command: "show <cassette>",
    describe: "Print a cassette as a log: one line a request, and what was printed",
    load: () => import("./verbs/show.ts"),
  },
  {
    command: "play <cassette> [exchange]",
    describe: "Play what was printed, in the time that it took",
    load: () => import("./verbs/play.ts"),
  },
  {
    command: "view <cassette> [second]",
    describe: "Make one HTML file of a cassette, to look at in a browser",
    load: () => import("./verbs/view.ts"),
  },
  {
    command: "check <cassettes..>",
    describe: "Check that cassettes parse, keep to the format, and have intact sidecars",
    load: () => import("./verbs/check.ts"),
  },
  {
    command: "suggest <cassette> <second>",
    describe: "Compare two recordings of one session; print the rules that make them equal",
    load: () => import("./verbs/suggest.ts"),
  },
  {
    command: "diff <cassette> <second>",
    describe: "Compare two recordings by what they mean: what changed, came and went",
    load: () => import("./verbs/diff.ts"),
  },
  {
    command: "verify <cassette>",
    describe: "Send recorded requests to a live daemon, and grade how its answers differ",
    load: () => import("./verbs/verify.ts"),
  },
  {
    command: "import <file> <cassette>",
    describe: "Turn a recording of nock, HAR, Polly, vcrpy or go-vcr into a cassette",
    load: () => import("./verbs/import.ts"),
  },
  {
    command: "help [topic]",
    describe: "Explain a command or an error code; `help codes` lists the codes",
    load: () => import("./verbs/help.ts"),
  },
];

export const VERB_NAMES: readonly string[] = [
  ...VERBS.map(({ command }) => command.split(" ")[0] as string),
  "completion",
];

export function createCommands(context: VerbContext): readonly CommandModule[] {
  return VERBS.map((line) => createCommand(line, context));
}
