/** Looks through a recording that was kept for what a name in its text gives away, and says so in one line. */
import { statSync } from "node:fs";
import { formatCount } from "../base/format-count.ts";
import { escapeToLine } from "../base/printable.ts";
import { formatShellLine } from "../base/shell-words.ts";
import { listNamedSidecars } from "../io/disk/measure-sidecars.ts";
import { walkCassette } from "../io/disk/read-cassette.ts";
import { findCassetteSecrets } from "../modes/find-cassette-secrets.ts";
import { printWarning, type Terminal } from "./terminal.ts";

/** More is not searched, so that a recording ends at once; `check --secrets` searches all. */
const SEARCHED_BYTES = 4 * 1024 * 1024;

/**
 * Warns of what a recording has kept and `check --secrets` finds. It is called when the command has ended, and never
 * fails the run.
 * @param allowed places that may have what looks like a secret
 */
export async function warnOfSecrets(terminal: Terminal, cassette: string, allowed: readonly string[]): Promise<void> {
  let left = SEARCHED_BYTES - statSync(cassette).size;
  if (left < 0) return;
  const sidecars = listNamedSidecars(cassette).filter(({ size }) => {
    const fits = size <= left;
    if (fits) left -= size;
    return fits;
  });
  const redact = await walkCassette(cassette, async ({ header }) => header.redact ?? []);
  const searched = { redact, sidecars };
  const [first, ...others] = await findCassetteSecrets(cassette, allowed, process.env, searched);
  if (first === undefined) return;
  const count = formatCount(others.length + 1, "possible secret");
  const place = escapeToLine(`${first.at} (${first.what})`);
  const check = formatShellLine(["whalesong", "check", "--secrets", cassette]);
  printWarning(terminal, `${count} in ${cassette}, the first at ${place}; the ways out: ${check}`);
}
