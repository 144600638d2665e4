/** What the simulated busybox is made of: a command's name, and its program. */
import type { Program } from "../process/process.ts";
import { sh } from "../shell/sh.ts";
import * as files from "./files.ts";
import * as kernel from "./kernel.ts";
import * as look from "./look.ts";
import { nc } from "./network/nc.ts";
import { nslookup } from "./network/nslookup.ts";
import { ping } from "./network/ping.ts";
import { wget } from "./network/wget.ts";
import * as plain from "./plain.ts";
import * as surroundings from "./surroundings.ts";
import { test } from "./test.ts";
import * as text from "./text.ts";

const CHECKSUMS = ["md5sum", "sha1sum", "sha256sum", "sha512sum"];

export const COMMANDS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...Object.entries(plain),
  ...Object.entries(surroundings).filter((entry): entry is [string, Program] => typeof entry[1] === "function"),
  ...Object.entries(text).filter(([name]) => name !== "checksum"),
  ...Object.entries(files),
  ...Object.entries(look),
  ...Object.entries(kernel),
  ...CHECKSUMS.map((name) => [name, text.checksum] as const),
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
  ["egrep", text.grep],
  ["fgrep", text.grep],
  ["printenv", surroundings.env],
  ["sync", () => 0],
  ["clear", () => 0],
]);
