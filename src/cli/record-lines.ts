/** The lines to paste that record a cassette, or what is missing in it: with the daemon and the command of this run. */
import { namesMock } from "../cassette/recorded-from.ts";
import { readFileStart } from "../io/disk/read-file-start.ts";
import { formatMaskedLine } from "../secrets/mask-command.ts";
import { MOCK_UPSTREAM } from "./flag-values.ts";
import type { SimulationArguments } from "./flags.ts";

/** Only a preamble of that length could hide the header. */
const HEADER_SIZE = 64 * 1024;

/** What a run says of the daemon to record, and of what to keep out. */
export interface DaemonArguments extends SimulationArguments {
  readonly upstream?: string | undefined;
  /** @default none */
  readonly redact?: readonly string[];
}

/** Whether the cassette at `path` was recorded from the mock; false for what cannot be read. */
export function isRecordedFromMock(path: string): boolean {
  return namesMock(readFileStart(path, HEADER_SIZE));
}

/**
 * `whalesong run --mode append --upstream mock web.yaml -- docker ps`: the command's secrets are masked.
 * @param verb and its flags, such as `["run", "--mode", "append"]`
 */
export function formatRecordLine(
  verb: readonly string[],
  cassette: string,
  { command, daemon }: { readonly command: readonly string[]; readonly daemon: DaemonArguments },
): string {
  const rules = daemon.redact ?? [];
  const flags = [...listDaemonFlags(cassette, daemon), ...rules.map((rule) => `--redact=${rule}`)];
  return formatMaskedLine(["whalesong", ...verb, ...flags, cassette, "--"], command, { rules });
}

/** The daemon that was named; else the mock, if the cassette was recorded from it. */
function listDaemonFlags(cassette: string, { upstream, state, now, seed }: DaemonArguments): readonly string[] {
  const daemon = upstream ?? (isRecordedFromMock(cassette) ? MOCK_UPSTREAM : undefined);
  if (daemon === undefined) return [];
  const simulation = upstream === MOCK_UPSTREAM ? Object.entries({ state, now, seed }) : [];
  const flags = simulation.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  return ["--upstream", daemon, ...flags];
}
