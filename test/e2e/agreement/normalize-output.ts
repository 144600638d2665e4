/**
 * Replaces ids, times and sizes in the output of a docker CLI, which differ between any two daemons. Each id becomes a
 * number by its first appearance. A short id has the number of its long one.
 */
import type { Said } from "../cli-player.ts";

/** An allowed difference between the outputs of two daemons, with its reason. */
export interface OutputAllowance {
  /** Matches the command lines. */
  readonly about: RegExp;
  readonly reason: string;
  /** Returns the part of the output that must be equal. */
  readonly keeps: (text: string) => string;
  /** Matches text to remove before ids are numbered. */
  readonly erases?: RegExp;
}

const TIME = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(\.\d+)?Z| \d\d:\d\d:\d\d \+0000 UTC)/g;
/** Of an event, in seconds and in nanoseconds. */
const TIME_MEMBER = /("time(?:Nano)?":)\d+/g;
/** But for the digits of a cursor's way, `ESC[1B`. */
const SIZE = /(?<![[\d.])\d+(\.\d+)?(e\+\d+)?[kKMGT]?i?B\b/g;
const SIZE_MEMBER = /("(?:Virtual)?Size": ?|\bsize: )\d+/g;
const ID = /\b([0-9a-f]{64}|[0-9a-f]{12})\b/g;
const SHORT = 12;

export function normalizeOutputs(outputs: readonly Said[], allowances: readonly OutputAllowance[]): Said[] {
  const ids = new Map<string, number>();
  return outputs.map(({ line, status, stdout, stderr }) => {
    const about = allowances.filter((allowance) => allowance.about.test(line));
    const bare = (text: string): string => {
      const rest = about.reduce((left, { erases }) => (erases === undefined ? left : left.replace(erases, "")), text);
      return about.reduce((left, { keeps: kept }) => kept(left), withoutOwn(rest, ids));
    };
    return { line, status, stdout: bare(stdout), stderr: bare(stderr) };
  });
}

function withoutOwn(text: string, ids: Map<string, number>): string {
  return text
    .replace(TIME, "<time>")
    .replace(TIME_MEMBER, "$1<time>")
    .replace(SIZE, "<size>")
    .replace(SIZE_MEMBER, "$1<size>")
    .replace(ID, (id) => `<id ${numberOf(id.slice(0, SHORT), ids)}>`);
}

function numberOf(short: string, ids: Map<string, number>): number {
  const number = ids.get(short) ?? ids.size + 1;
  ids.set(short, number);
  return number;
}
