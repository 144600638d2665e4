import { WhalesongError } from "../../base/errors.ts";
import { checkCassette } from "../../cassette/check.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { sidecarsOf } from "../../cassette/sidecars.ts";
import { readCassette, sidecarFile } from "../../io/disk/read-cassette.ts";
import { green, red } from "../../view/colour.ts";
import { count } from "../summary.ts";
import type { Verb } from "../verb.ts";

export const verb: Verb<{ cassettes: string[] }> = {
  builder: (yargs) =>
    yargs
      .usage("$0 check CASSETTE...")
      .positional("cassettes", { type: "string", array: true, demandOption: true, describe: "The cassettes to check" })
      .example("$0 check cassettes/*.yaml", "Exit status 1, and where, if anything is wrong") as never,
  handler: async ({ cassettes }) => {
    let isGood = true;
    for (const path of cassettes) isGood = (await checkOne(path)) && isGood;
    process.exitCode = isGood ? 0 : 1;
  },
};

async function checkOne(path: string): Promise<boolean> {
  const { faults, note } = await faultsOf(path);
  for (const fault of faults) process.stderr.write(`${red("bad")}   ${fault.message} [${fault.code}]\n`);
  if (faults.length === 0) process.stderr.write(`${green("good")}  ${path}  ${note}\n`);
  return faults.length === 0;
}

async function faultsOf(path: string): Promise<{ faults: readonly WhalesongError[]; note: string }> {
  try {
    const cassette = readCassette(path);
    const faults: WhalesongError[] = [...checkCassette(cassette)];
    const sidecars = faults.length > 0 ? [] : cassette.entries.flatMap((entry) => sidecarsOf(entry.exchange()));
    for (const sidecar of sidecars) faults.push(...(await sidecarFault(path, sidecar)));
    return { faults, note: noteOn(cassette, sidecars.length) };
  } catch (error) {
    if (error instanceof WhalesongError) return { faults: [error], note: "" };
    throw error;
  }
}

function noteOn({ entries, header, torn }: ReturnType<typeof readCassette>, sidecars: number): string {
  const unfinished = header.isUnfinished ? ["its recording was not finished"] : [];
  const broken = torn === undefined ? [] : [`the exchange at line ${torn.line} broke off and is left out`];
  return [count(entries.length, "exchange"), count(sidecars, "sidecar"), ...unfinished, ...broken].join(", ");
}

async function sidecarFault(cassette: string, sidecar: SidecarRef): Promise<WhalesongError[]> {
  try {
    await sidecarFile(cassette, sidecar).verify();
    return [];
  } catch (error) {
    if (error instanceof WhalesongError) return [error];
    throw error;
  }
}
