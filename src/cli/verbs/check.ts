import { WhalesongError } from "../../base/errors.ts";
import { formatCount } from "../../base/format-count.ts";
import { escapeToLine } from "../../base/printable.ts";
import { spellAsFlags } from "../../base/spell-option.ts";
import { listUnkeptFiles } from "../../cassette/build/unkept-files.ts";
import { checkCassette } from "../../cassette/check.ts";
import type { CassetteHeader, Exchange, SidecarRef } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { listSidecars } from "../../cassette/sidecars.ts";
import { listCassettes } from "../../io/disk/list-cassettes.ts";
import { listOrphanedSidecars, measureCassette, removeOrphanedSidecars } from "../../io/disk/orphaned-sidecars.ts";
import { openSidecar, walkCassette } from "../../io/disk/read-cassette.ts";
import { findCassetteSecrets } from "../../modes/find-cassette-secrets.ts";
import { listMistakenRules } from "../../modes/mistaken-rules.ts";
import { formatHit } from "../../secrets/secret-hit.ts";
import { formatRemedies } from "../../secrets/secret-remedies.ts";
import { styleGreen, styleRed, styleYellow } from "../../view/colour.ts";
import { type CheckLimits, listExcesses, parseLimits } from "../check-limits.ts";
import { allowSecretFlag } from "../flags.ts";
import type { TextOutput } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

const SHOWN = 20;
const KEPT = {
  digests: "only digests of these files",
  nothing: "no content of these files, which the daemon had already,",
} as const;

interface CheckArguments {
  readonly cassettes: readonly string[];
  readonly secrets: boolean;
  readonly allowSecret: readonly string[];
  readonly fix: boolean;
  readonly maxAge: string | undefined;
  readonly maxSize: string | undefined;
}

export const verb: CliVerb<CheckArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 check CASSETTE...")
      .positional("cassettes", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "The cassettes to check, or folders of them",
      })
      .options({
        secrets: {
          type: "boolean",
          default: false,
          describe: "Look for secrets as well, also in the files beside the cassettes",
        },
        "allow-secret": allowSecretFlag,
        fix: { type: "boolean", default: false, describe: "Remove files beside the cassettes that no cassette names" },
        "max-age": { type: "string", describe: "Fail for a recording that is older, e.g. 90d, 12w, 6m, 1y" },
        "max-size": { type: "string", describe: "Fail for a cassette that is larger with its sidecars, e.g. 5MB" },
      })
      .example("$0 check --secrets cassettes", "In CI or before a commit: the file, line and column of each secret")
      .example("$0 check web.yaml", "Exit status 1, and the place of each error, if anything is wrong")
      .example("$0 check . --max-age 1y", "All cassettes below this folder, but those in node_modules"),
  run: async ({ cassettes, secrets, allowSecret, fix, maxAge, maxSize }, { stderr }) => {
    const limits = parseLimits(maxAge, maxSize);
    let isGood = true;
    for (const path of listCassettes(cassettes)) {
      const result = await findFaults(path);
      const isWhole = await reportOne(path, result, { allowed: secrets ? allowSecret : undefined, stderr });
      isGood = isWhole && checkSurroundings(path, result, { fix, limits, stderr }) && isGood;
    }
    return isGood ? 0 : 1;
  },
};

interface ReportOptions {
  /** Set where secrets are looked for. */
  readonly allowed: readonly string[] | undefined;
  readonly stderr: TextOutput;
}

async function reportOne(
  path: string,
  { faults, header, sidecars, note, remarks }: CheckResult,
  { allowed, stderr }: ReportOptions,
): Promise<boolean> {
  for (const fault of faults) stderr.write(`${styleRed("bad")}   ${fault.message} [${fault.code}]\n`);
  const searched = { redact: header?.redact ?? [], sidecars };
  const isSearched = allowed !== undefined && faults.length === 0;
  const hits = isSearched ? await findCassetteSecrets(path, allowed, process.env, searched) : [];
  for (const hit of hits) stderr.write(`${styleRed("secret")}  ${escapeToLine(formatHit(hit))}\n`);
  if (hits.length > 0) stderr.write(`${formatRemedies(hits, { isGuess: true, spellOption: spellAsFlags })}\n`);
  if (hits.length > 0) return false;
  const isUnfinished = header?.isUnfinished === true;
  if (faults.length === 0) stderr.write(isUnfinished ? formatUnfinished(path, note) : formatGood(path, note));
  for (const remark of remarks) stderr.write(`      ${remark}\n`);
  return faults.length === 0 && !isUnfinished;
}

function formatGood(path: string, note: string): string {
  return `${styleGreen("good")}  ${path}  ${note}\n`;
}

function formatUnfinished(path: string, note: string): string {
  const waysOut =
    "      record it again; or, if these exchanges are enough, remove the line `unfinished: true`, and check again\n";
  return `${styleRed("bad")}   ${path}  ${note} [WHALESONG_UNFINISHED_CASSETTE]\n${waysOut}`;
}

interface SurroundingsOptions {
  readonly fix: boolean;
  readonly limits: CheckLimits;
  readonly stderr: TextOutput;
}

/** Orphaned files are named, or removed; they are no error. What is beyond the limits is one. */
function checkSurroundings(
  path: string,
  { header, sidecars }: CheckResult,
  { fix, limits, stderr }: SurroundingsOptions,
): boolean {
  const orphans = listOrphanedSidecars(path);
  const orphanLabel = fix ? "removed" : "orphan ";
  if (fix) removeOrphanedSidecars(path);
  for (const orphan of orphans) stderr.write(`${styleYellow(orphanLabel)}  ${escapeToLine(orphan)}\n`);
  if (orphans.length > 0 && !fix) stderr.write("      no cassette names them: `check --fix` removes them\n");
  const bytes = measureCassette(path, sidecars);
  const excesses = header === undefined ? [] : listExcesses(limits, { header, bytes, now: new Date() });
  for (const excess of excesses) stderr.write(`${styleRed("limit")}  ${path}  ${excess}\n`);
  return excesses.length === 0;
}

interface CheckResult {
  readonly faults: readonly WhalesongError[];
  /** Undefined for a file that cannot be opened as a cassette. */
  readonly header: CassetteHeader | undefined;
  readonly sidecars: readonly SidecarRef[];
  readonly note: string;
  /** What is worth knowing of a cassette without faults. */
  readonly remarks: readonly string[];
}

async function findFaults(path: string): Promise<CheckResult> {
  try {
    return await walkCassette(path, (cassette) => checkWalk(path, cassette));
  } catch (error) {
    if (error instanceof WhalesongError)
      return { faults: [error], header: undefined, sidecars: [], note: "", remarks: [] };
    throw error;
  }
}

async function checkWalk(path: string, cassette: CassetteWalk): Promise<CheckResult> {
  const sidecars: SidecarRef[] = [];
  const remarks: string[] = [];
  const faults: WhalesongError[] = [
    ...checkCassette(cassette, (exchange, entry) => {
      sidecars.push(...listSidecars(exchange));
      remarks.push(...listRemarks(path, exchange, entry));
    }),
  ];
  const { header } = cassette;
  if (faults.length > 0) return { faults, header, sidecars, note: "", remarks: [] };
  for (const sidecar of sidecars) faults.push(...(await checkSidecar(path, sidecar, header.isUnfinished)));
  return {
    ...{ faults, header, sidecars },
    note: formatNote(cassette, new Set(sidecars.map((sidecar) => sidecar.path)).size),
    remarks: faults.length > 0 ? [] : [...listMistakenRules(cassette, sidecars.length > 0), ...remarks],
  };
}

/** Which files of a build are not beside the cassette, and where they are named. */
function listRemarks(path: string, { build }: Exchange, entry: CassetteEntry): string[] {
  return listUnkeptFiles(build).map(({ as, kept, paths }) => {
    const shown = paths.length > SHOWN ? [...paths.slice(0, SHOWN), `${paths.length - SHOWN} more`] : paths;
    return `${path}:${entry.line}  ${KEPT[kept]} of ${as}: ${shown.join(", ")}`;
  });
}

/** @param sidecars the count of files: equal bodies of several exchanges are one */
function formatNote({ entries, header, torn }: CassetteWalk, sidecars: number): string {
  const unfinished = header.isUnfinished ? ["its recording is unfinished"] : [];
  const broken = torn === undefined ? [] : [`the exchange at line ${torn.line} is incomplete and left out`];
  return [formatCount(entries.length, "exchange"), formatCount(sidecars, "sidecar"), ...unfinished, ...broken].join(
    ", ",
  );
}

async function checkSidecar(cassette: string, sidecar: SidecarRef, isUnfinished: boolean): Promise<WhalesongError[]> {
  try {
    const file = openSidecar(cassette, sidecar);
    await file.verify();
    if (!isUnfinished) await file.requireDigest();
    return [];
  } catch (error) {
    if (error instanceof WhalesongError) return [error];
    throw error;
  }
}
