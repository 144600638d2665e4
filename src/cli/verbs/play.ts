import { setTimeout as sleep } from "node:timers/promises";
import { parseDuration } from "../../base/duration.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { walkCassette } from "../../io/disk/read-cassette.ts";
import { parseTempo, type Tempo } from "../../replay/play/tempo.ts";
import { listPieces } from "../../view/play-exchanges.ts";
import { chooseExchanges, formatNoOutput } from "../choose-exchanges.ts";
import type { TerminalScreen, VerbTerminal } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface PlayArguments {
  cassette: string;
  exchange?: string;
  speed: string;
  idle?: string;
}

export const verb: CliVerb<PlayArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 play CASSETTE [EXCHANGE] [options]")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette to play" })
      .positional("exchange", {
        type: "string",
        describe: "Only these exchanges: a number, a range like 3-5, or a name (default: all that printed something)",
      })
      .option("speed", { type: "string", default: "1x", describe: "How fast: 2x, 0.5x, or none for no pauses at all" })
      .option("idle", { type: "string", describe: "Cut pauses down to this: 1s, 500ms" })
      .example("$0 play web.yaml 4 --speed 2x --idle 1s", "Watch the terminal of the fourth exchange"),
  run: async ({ cassette: path, exchange, speed, idle }, terminal) => {
    const tempo = parseTempo(speed, idle === undefined ? undefined : parseDuration(idle, "--idle"), "--speed");
    return walkCassette(path, (cassette) => playCassette(cassette, exchange, tempo, terminal));
  },
};

async function playCassette(
  cassette: CassetteWalk,
  exchange: string | undefined,
  tempo: Tempo,
  terminal: VerbTerminal,
): Promise<number> {
  const isChosen = exchange === undefined ? () => true : chooseExchanges([exchange], cassette);
  const stopped = new AbortController();
  void terminal.waitForStop().then(() => stopped.abort());
  const screen = terminal.openScreen();
  let pieces = 0;
  try {
    for (const entry of cassette.entries) {
      if (isChosen(entry)) pieces += await playEntry(entry, screen, tempo, stopped.signal);
    }
  } finally {
    screen.close();
  }
  if (pieces === 0 && !stopped.signal.aborted) terminal.stderr.write(formatNoOutput(cassette));
  // `waitForStop` listens for signals as long as the process lives.
  return stopped.signal.aborted ? 130 : 0;
}

/** Returns how many pieces were played. */
async function playEntry(
  entry: CassetteEntry,
  screen: TerminalScreen,
  { scale, maxWaitMs }: Tempo,
  stop: AbortSignal,
): Promise<number> {
  let pieces = 0;
  for (const { waitMs, bytes } of listPieces(entry)) {
    const ms = Math.min(waitMs * scale, maxWaitMs);
    if (ms > 0) await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) break;
    await screen.write(bytes);
    pieces++;
  }
  return pieces;
}
