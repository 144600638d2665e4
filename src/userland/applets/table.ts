/** The applets of the simulated busybox: each name that a container can run, and its program. */

import type { Program } from "../process/process.ts";
import { sh } from "../shell/sh.ts";
import { withUsage } from "./applet-errors.ts";
import { awk } from "./awk/awk.ts";
import { chmod, chown } from "./files/chmod.ts";
import { cp } from "./files/cp.ts";
import { dd } from "./files/dd.ts";
import { du, truncate } from "./files/disk-usage.ts";
import { find } from "./files/find.ts";
import { mkdir, rmdir } from "./files/folders.ts";
import { ln } from "./files/ln.ts";
import { ls } from "./files/ls.ts";
import { mktemp } from "./files/mktemp.ts";
import { mv } from "./files/mv.ts";
import { rm } from "./files/rm.ts";
import { pwd, readlink, stat } from "./files/stat.ts";
import { touch } from "./files/touch.ts";
import { nc } from "./network/nc.ts";
import { nslookup } from "./network/nslookup.ts";
import { ping } from "./network/ping.ts";
import { wget } from "./network/wget.ts";
import { sed } from "./sed/sed.ts";
import { date } from "./system/date.ts";
import { env, nohup, printenv } from "./system/environment.ts";
import { id } from "./system/id.ts";
import { mount, uptime } from "./system/proc.ts";
import { pidof, ps } from "./system/processes.ts";
import { clear, hostname, nproc, stty, sync, tty, uname, which, whoami } from "./system/system.ts";
import { test } from "./system/test.ts";
import { time } from "./system/time.ts";
import { sleep, timeout, usleep } from "./system/waiting.ts";
import { xargs } from "./system/xargs.ts";
import { cat, tac } from "./text/cat.ts";
import { checksum } from "./text/checksum.ts";
import { cmp } from "./text/cmp.ts";
import { fold, nl, paste, rev } from "./text/columns.ts";
import { cut } from "./text/cut.ts";
import { diff } from "./text/diff.ts";
import { echo, yes } from "./text/echo.ts";
import { expr } from "./text/expr.ts";
import { egrep, fgrep, grep } from "./text/grep.ts";
import { head, tail } from "./text/head-tail.ts";
import { basename, dirname } from "./text/path-names.ts";
import { printf } from "./text/printf.ts";
import { seq } from "./text/seq.ts";
import { sort } from "./text/sort.ts";
import { base64, tee } from "./text/tee-base64.ts";
import { tr } from "./text/tr.ts";
import { uniq } from "./text/uniq.ts";
import { wc } from "./text/wc.ts";

const TEXT: Readonly<Record<string, Program>> = {
  awk,
  base64,
  basename,
  cat,
  cmp,
  cut,
  diff,
  dirname,
  echo,
  egrep,
  expr,
  fgrep,
  fold,
  grep,
  head,
  nl,
  paste,
  printf,
  rev,
  sed,
  seq,
  sort,
  tac,
  tail,
  tee,
  tr,
  uniq,
  wc,
  yes,
};
const FILES: Readonly<Record<string, Program>> = {
  chmod,
  chown,
  cp,
  dd,
  du,
  find,
  ln,
  ls,
  mkdir,
  mktemp,
  mv,
  pwd,
  readlink,
  rm,
  rmdir,
  stat,
  touch,
  truncate,
};
const SYSTEM: Readonly<Record<string, Program>> = {
  clear,
  date,
  env,
  hostname,
  id,
  mount,
  nohup,
  nproc,
  pidof,
  printenv,
  ps,
  sleep,
  stty,
  sync,
  test,
  time,
  timeout,
  tty,
  uname,
  uptime,
  usleep,
  which,
  whoami,
  xargs,
};
const NETWORK: Readonly<Record<string, Program>> = { nc, nslookup, ping, wget };

/** Names under which a program is called a second time. */
const ALIASES: Readonly<Record<string, Program>> = {
  "[": test,
  "[[": test,
  ash: sh,
  bash: sh,
  md5sum: checksum,
  sh,
  sha1sum: checksum,
  sha256sum: checksum,
  sha512sum: checksum,
};

/** Applets that do nothing here but end. */
const IDLE: Readonly<Record<string, Program>> = { false: () => 1, true: () => 0 };

export const APPLETS: ReadonlyMap<string, Program> = new Map(
  [TEXT, FILES, SYSTEM, NETWORK, ALIASES, IDLE]
    .flatMap((applets) => Object.entries(applets))
    .map(([name, program]) => [name, withUsage(program)]),
);
