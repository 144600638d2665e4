/** The verbs, in the order of the help. */
import type { CommandModule } from "yargs";
import type { VerbTerminal } from "./terminal.ts";
import { createCommand, type VerbLine } from "./verb.ts";

const VERBS: readonly VerbLine[] = [
  {
    command: "record <cassette>",
    describe: "Record what passes between clients and a daemon",
    load: () => import("./verbs/record.ts"),
  },
  {
    command: "replay <cassettes..>",
    describe: "Play cassettes to clients, without a daemon",
    load: () => import("./verbs/replay.ts"),
  },
  {
    command: "run <cassette>",
    describe: "Record a command if there is no cassette, otherwise replay it",
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
    command: "import <file> <cassette>",
    describe: "Turn a nock fixture or a HAR into a cassette",
    load: () => import("./verbs/import.ts"),
  },
  {
    command: "help <code>",
    describe: "Explain an error code: what happened, its cause, the ways out",
    load: () => import("./verbs/help.ts"),
  },
];

export function createCommands(terminal: VerbTerminal, onStatus: (status: number) => void): readonly CommandModule[] {
  return VERBS.map((line) => createCommand(line, terminal, onStatus));
}
