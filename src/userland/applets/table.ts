/** What the simulated busybox is made of: a command's name, and its program. */
import type { Program } from "../process/process.ts";
import { sh } from "../shell/sh.ts";
import { awk } from "./awk/awk.ts";
import { cmp, diff } from "./compare.ts";
import * as files from "./files.ts";
import * as kernel from "./kernel.ts";
import * as look from "./look.ts";
import { nc } from "./network/nc.ts";
import { nslookup } from "./network/nslookup.ts";
import { ping } from "./network/ping.ts";
import { wget } from "./network/wget.ts";
import * as plain from "./plain.ts";
import { sed } from "./sed/sed.ts";
import * as space from "./space.ts";
import * as surroundings from "./surroundings.ts";
import { test } from "./test.ts";
import { cat, tac } from "./text/cat.ts";
import * as columns from "./text/columns.ts";
import { head, tail } from "./text/ends.ts";
import * as grep from "./text/grep.ts";
import { tr } from "./text/letters.ts";
import { sort, uniq } from "./text/order.ts";
import { base64, checksum, tee } from "./text/passing.ts";
import { wc } from "./text/wc.ts";
import { time, xargs } from "./xargs.ts";

const CHECKSUMS = ["md5sum", "sha1sum", "sha256sum", "sha512sum"];

export const COMMANDS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...Object.entries(plain),
  ...Object.entries(surroundings).filter((entry): entry is [string, Program] => typeof entry[1] === "function"),
  ...Object.entries({ awk, base64, cat, cmp, diff, head, sed, sort, tac, tail, tee, time, tr, uniq, wc, xargs }),
  ...Object.entries(columns),
  ...Object.entries(grep),
  ...Object.entries(space),
  ...Object.entries(files),
  ...Object.entries(look),
  ...Object.entries(kernel),
  ...CHECKSUMS.map((name) => [name, checksum] as const),
  ["[", test],
  ["[[", test],
  ["test", test],
  ["sh", sh],
  ["ash", sh],
  ["bash", sh],
  ["true", () => 0],
  ["false", () => 1],
  ["nc", nc],
  ["nslookup", nslookup],
  ["ping", ping],
  ["wget", wget],
  ["printenv", surroundings.env],
  ["sync", () => 0],
  ["clear", () => 0],
]);
