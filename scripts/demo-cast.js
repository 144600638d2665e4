/**
 * `npm run demo:cast`: the README's terminal, made from a cassette. What is typed stands here; what is printed is the
 * command line's own output, and what `export cast` makes of a recorded terminal, in its own time. Writes docs/demo.svg,
 * and the same as an asciicast into build/, for asciinema's player.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderSvg } from "./demo-cast/render-svg.js";
import { takeFrames } from "./demo-cast/take-frames.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIN = fileURLToPath(new URL("../bin/whalesong.js", import.meta.url));
const SIZE = { columns: 88, rows: 22 };
const CASSETTE = "exec-tty.yaml";
const PROMPT = "\x1b[32m$\x1b[0m ";
const KEY_S = 0.04;
const THINK_S = 0.7;
const READ_S = 3;
/** A terminal is played this much slower: the recorded one was typed by a program. */
const STRETCH = 12;

/** @typedef {readonly [at: number, code: "o", text: string]} CastEvent */

/** Writes down what a terminal shows, with a clock of its own. */
class Cast {
  /** @type {CastEvent[]} */
  events = [];
  #at = 0;

  /** @param {string} text @param {number} [after] */
  print(text, after = 0) {
    this.#at += after;
    this.events.push([Number(this.#at.toFixed(3)), "o", text]);
  }

  /** @param {string} line */
  type(line) {
    this.print(PROMPT, 0.2);
    this.#at += THINK_S;
    for (const letter of line) this.print(letter, KEY_S);
    this.print("\r\n", THINK_S);
  }

  /** @param {number} seconds */
  rest(seconds) {
    this.print("", seconds);
  }
}

/** @param {readonly string[]} words */
function runWhalesong(...words) {
  const env = { ...process.env, FORCE_COLOR: "1", NO_COLOR: undefined, PAGER: "cat", COLUMNS: String(SIZE.columns) };
  return execFileSync(process.execPath, [BIN, ...words], { cwd: `${ROOT}cassettes`, env, encoding: "utf8" });
}

/** @returns {readonly CastEvent[]} */
export function createDemo() {
  const cast = new Cast();
  cast.type(`npx whalesong show ${CASSETTE}`);
  cast.print(runWhalesong("show", CASSETTE, "--color", "always").replaceAll("\n", "\r\n"), 0.3);
  cast.rest(READ_S);
  cast.type(`npx whalesong play ${CASSETTE}`);
  let last = 0;
  const [, ...lines] = runWhalesong("export", "cast", CASSETTE).trimEnd().split("\n");
  for (const line of lines) {
    const [at, , text] = JSON.parse(line);
    // The question for the cursor's place is the shell's to its terminal; `play` leaves it out, too.
    cast.print(text.replaceAll("\x1b[6n", ""), (at - last) * STRETCH + 0.4);
    last = at;
  }
  cast.print(`${PROMPT}\x1b[2m# all of it from the file: no daemon ran\x1b[0m`, 1);
  cast.rest(READ_S);
  return cast.events;
}

/** @returns {Promise<string>} */
export async function renderDemo() {
  return renderSvg(await takeFrames(createDemo(), SIZE), SIZE);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const header = { version: 2, width: SIZE.columns, height: SIZE.rows };
  mkdirSync(`${ROOT}build`, { recursive: true });
  writeFileSync(
    `${ROOT}build/demo.cast`,
    [header, ...createDemo()].map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  writeFileSync(`${ROOT}docs/demo.svg`, await renderDemo());
  console.log("wrote docs/demo.svg and build/demo.cast");
}
