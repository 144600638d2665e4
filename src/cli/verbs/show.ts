import { UsageError } from "../../base/errors.ts";
import { escapeToLine } from "../../base/printable.ts";
import type { CassetteWalk } from "../../cassette/read.ts";
import { readSidecarIfThere, walkCassette } from "../../io/disk/read-cassette.ts";
import { createStyles, isColourful } from "../../view/colour.ts";
import { STREAM_LANES } from "../../view/digest/stream-line.ts";
import { TarLister } from "../../view/digest/tar-lister.ts";
import { formatRecords, type ShowOptions, showCassette } from "../../view/show-cassette.ts";
import { chooseExchanges, splitWords } from "../choose-exchanges.ts";
import type { Terminal } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface ShowArguments {
  cassette: string;
  exchange?: string[];
  grep?: string;
  only?: string[];
  verbose: boolean;
  json: boolean;
  color: "auto" | "always" | "never";
  pager: boolean;
}

/** Lines are written in pieces of this size. */
const PIECE = 16 * 1024;

export const verb: CliVerb<ShowArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 show CASSETTE [options]")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette to read" })
      .option("exchange", {
        alias: "e",
        type: "string",
        array: true,
        nargs: 1,
        describe: "Only these exchanges, with all that was sent: a number, a range like 3-5, or a name",
      })
      .option("grep", {
        type: "string",
        describe: "Only exchanges that have this text, in any case, in their lines or in the cassette",
      })
      .option("only", {
        type: "string",
        array: true,
        nargs: 1,
        describe: `Only lines of these streams, without requests: ${STREAM_LANES.join(", ")}`,
      })
      .option("verbose", {
        alias: "v",
        type: "boolean",
        default: false,
        describe: "All that was sent, zero values and pauses included; nothing is folded or shortened",
      })
      .option("json", { type: "boolean", default: false, describe: "Print each exchange as a line of JSON" })
      .option("color", {
        choices: ["auto", "always", "never"] as const,
        default: "auto",
        describe: "When to use colours",
      })
      .option("pager", { type: "boolean", default: true, describe: "On a terminal, print through $PAGER, or less" })
      .example("$0 show web.yaml", "What was done, and what was printed")
      .example("$0 show web.yaml --exchange 4", "All of the fourth exchange")
      .example("$0 show web.yaml --only stdout,stderr", "What containers printed"),
  run: async (argv, terminal) => {
    await walkCassette(argv.cassette, async (cassette) => {
      const options = toShowOptions(argv, cassette, terminal);
      const lines = argv.json ? formatRecords(cassette, options) : showCassette(cassette, options);
      await printLines(lines, argv.pager, terminal);
    });
    return 0;
  },
};

function toShowOptions(argv: ShowArguments, cassette: CassetteWalk, { stdout, stderr }: Terminal): ShowOptions {
  const { exchange, grep, only, verbose, color } = argv;
  const isColoured = color === "auto" ? isColourful(stdout.isTerminal === true) : color === "always";
  return {
    styles: createStyles(isColoured),
    tars: new TarLister((ref) => readSidecarIfThere(argv.cassette, ref)),
    isComplete: verbose || exchange !== undefined,
    isVerbose: verbose,
    onNothing: () => stderr.write(formatNothing(argv)),
    ...(exchange === undefined ? {} : { isChosen: chooseExchanges(exchange, cassette) }),
    ...(grep === undefined ? {} : { grep }),
    ...(only === undefined ? {} : { lanes: new Set(checkLanes(splitWords(only))) }),
  };
}

/** An empty log could be taken for that of an empty session. */
function formatNothing({ cassette, grep, only = [] }: ShowArguments): string {
  const lanes = splitWords(only);
  if (grep === undefined && lanes.length === 0) return "";
  const what = [
    grep === undefined ? "" : ` has \`${escapeToLine(grep)}\``,
    lanes.length === 0 ? "" : ` printed ${lanes.join(" or ")}`,
  ];
  return `no exchange of ${escapeToLine(cassette)}${what.filter(Boolean).join(" and")}\n`;
}

function checkLanes(lanes: readonly string[]): readonly string[] {
  const unknown = lanes.find((lane) => !(STREAM_LANES as readonly string[]).includes(lane));
  if (unknown === undefined) return lanes;
  const message = `--only got \`${unknown}\`, which is no stream; it takes ${STREAM_LANES.join(", ")}`;
  throw new UsageError("WHALESONG_NO_SUCH_STREAM", message);
}

async function printLines(lines: AsyncIterable<string>, isPaged: boolean, terminal: Terminal): Promise<void> {
  const pager = isPaged ? await terminal.openPager?.() : undefined;
  const write =
    pager === undefined ? (text: string) => terminal.stdout.write(text) : (text: string) => pager.write(text);
  let text = "";
  let isRead = true;
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < PIECE) continue;
    isRead = (await write(text)) !== false || pager === undefined;
    text = "";
    if (!isRead) break;
  }
  if (isRead && text !== "") await write(text);
  await pager?.close();
}
