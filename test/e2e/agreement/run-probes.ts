/** Asks both daemons the same, one probe after the other, and keeps what came of it. */
import { ApiVersion } from "../../../src/mock/model/api-version.ts";
import { compareResponses } from "./compare-responses.ts";
import type { Probe } from "./probe.ts";
import { type RawResponse, sendRequest } from "./send-request.ts";
import { pollUntil, settle } from "./settle.ts";

export interface ProbeResult {
  readonly api: string;
  readonly probe: Probe;
  readonly differences: readonly string[];
}

/** One daemon, and what it has made up so far. */
class DaemonSide {
  readonly #socketPath: string;
  readonly #ids = new Map<string, string>();
  readonly #startedAt = Date.now() / 1000;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async ask(probe: Probe, api: string): Promise<RawResponse> {
    const path = (probe.ask.split(" ").slice(1).join(" ") as string).replace(/\{(\w+)\}/g, (_, name) =>
      this.#value(name),
    );
    const answer = await sendRequest(
      this.#socketPath,
      `/v${api}${path.replaceAll('"', "%22").replaceAll(" ", "%20")}`,
      probe,
    );
    if (probe.keep !== undefined)
      this.#ids.set(probe.keep, /"Id":"(\w+)"/.exec(answer.body.toString())?.[1] ?? "nothing");
    return answer;
  }

  #value(name: string): string {
    if (name === "begun") return String(this.#startedAt);
    return name === "now" ? String(Date.now() / 1000) : (this.#ids.get(name) ?? "nothing");
  }
}

export async function runProbes(
  real: string,
  mock: string,
  api: string,
  probes: readonly Probe[],
): Promise<ProbeResult[]> {
  const sides = [new DaemonSide(real), new DaemonSide(mock)] as const;
  const version = new ApiVersion(api);
  const findings: ProbeResult[] = [];
  for (const probe of probes) {
    if (version.isBefore(probe.since ?? "0") || !version.isBefore(probe.before ?? "9999")) continue;
    findings.push({ api, probe, differences: await askUntilAlike(sides, probe, api) });
    if (probe.settles !== undefined) await settle([real, mock], probe.settles);
  }
  return findings;
}

/** How the answers differ: of a repeated read, the last ones. */
async function askUntilAlike(sides: readonly [DaemonSide, DaemonSide], probe: Probe, api: string): Promise<string[]> {
  const compare = async (): Promise<string[]> => {
    const [theirs, ours] = await Promise.all([sides[0].ask(probe, api), sides[1].ask(probe, api)]);
    return compareResponses(probe, theirs, ours);
  };
  let differences = await compare();
  const hasEnded = async (): Promise<boolean> => {
    if (differences.length > 0) differences = await compare();
    return differences.length === 0;
  };
  if (probe.isRepeated === true) await pollUntil(hasEnded);
  return differences;
}

/** Agreement by operation, and every difference once. */
export function formatReport(findings: readonly ProbeResult[]): string {
  const operations = [...new Set(findings.map(({ probe }) => probe.about))].sort();
  const rows = operations.map((operation) => {
    const own = findings.filter(({ probe }) => probe.about === operation);
    const agreed = own.filter((finding) => finding.differences.length === 0).length;
    return `${operation.padEnd(26)} ${String(agreed).padStart(4)} of ${String(own.length).padStart(4)}`;
  });
  const agreed = findings.filter((finding) => finding.differences.length === 0).length;
  return [...rows, `${"all".padEnd(26)} ${String(agreed).padStart(4)} of ${String(findings.length).padStart(4)}`].join(
    "\n",
  );
}
