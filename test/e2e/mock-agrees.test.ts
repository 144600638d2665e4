/**
 * The mock must answer each probe as a real daemon does: as each engine, at several API versions. The first of them is
 * the oldest that the engine speaks. `ROWS="Engine 28.*1.51"` runs only the rows whose title it matches. With `ROWS` for
 * one engine, `REAL_DOCKER=unix:///...` uses a running daemon, which must have busybox:latest and no containers.
 */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";
import { EXCEPTIONS } from "./agreement/exceptions.ts";
import { PROBES } from "./agreement/probes.ts";
import { removeContainers } from "./agreement/remove-containers.ts";
import { formatReport, type ProbeResult, runProbes } from "./agreement/run-probes.ts";
import { type EngineName, isMissing } from "./engines.ts";

interface EngineRow {
  readonly engine: EngineName;
  readonly versions: readonly string[];
}

const ENGINES: readonly EngineRow[] = [
  { engine: "20.10", versions: ["1.12", "1.18", "1.19", "1.21", "1.24", "1.41"] },
  { engine: "28", versions: ["1.24", "1.41", "1.44", "1.47", "1.51"] },
];
const SHOWN = Number(process.env.SHOWN ?? 8);
const findings: ProbeResult[] = [];

const rows = ENGINES.map(({ engine, versions }) => ({
  engine,
  versions: versions.filter((api) => isChosen(engine, api)),
}));
const missing = rows.filter(({ engine, versions }) => versions.length > 0 && isMissing(engine));
test.skipIf(missing.length > 0)("no engine is missing", () => expect(missing).toEqual([]));

function isChosen(engine: EngineName, api: string): boolean {
  return new RegExp(process.env.ROWS ?? "").test(`Engine ${engine}, API ${api}`);
}

describe.each(rows.filter((row) => row.versions.length > 0 && !missing.includes(row)))(
  "as Engine $engine",
  ({ engine, versions }) => {
    let real: { readonly url: string; stop(): Promise<void> };
    let mock: MockDocker;

    beforeAll(async () => {
      real = await startRealDaemon(engine);
      mock = await mockDocker({ engine, minApi: versions[0] as string, onFault: (fault) => console.error(fault) });
    });

    afterAll(() => Promise.all([real.stop(), mock.stop()]));

    const listSockets = () => [real.url.slice("unix://".length), mock.socketPath as string] as const;
    const compare = (api: string): Promise<ProbeResult[]> => runProbes(...listSockets(), api, PROBES);
    /** A daemon that does not answer any more has failed its row already. */
    const removeAllContainers = (): Promise<unknown> => Promise.allSettled(listSockets().map(removeContainers));

    test.each(versions)("at API %s what a client sees is the same", async (api) => {
      const found = await compare(api).finally(removeAllContainers);
      findings.push(...found.map((finding) => ({ ...finding, api: `${engine} at ${api}` })));
      expect(found.flatMap((finding) => listUnexplained(engine, finding))).toEqual([]);
    });
  },
);

afterAll(() => {
  const report = formatReport(findings);
  console.log(report);
  if (process.env.AGREEMENT_REPORT !== undefined) writeFileSync(process.env.AGREEMENT_REPORT, `${report}\n`);
});

/** Each difference that has no reason, under the request that shows it. */
function listUnexplained(engine: EngineName, { probe, differences }: ProbeResult): string[] {
  const left = differences.filter((difference) => !isExcepted(engine, probe.about, difference));
  if (left.length === 0) return [];
  const request = probe.body === undefined ? probe.ask : `${probe.ask} ${JSON.stringify(probe.body).slice(0, 80)}`;
  const more = left.length > SHOWN ? [`and ${left.length - SHOWN} more`] : [];
  return [[request, ...left.slice(0, SHOWN), ...more].join("\n    ")];
}

function isExcepted(engine: EngineName, about: string, found: string): boolean {
  return EXCEPTIONS.some(
    (exception) =>
      (exception.engine ?? engine) === engine && exception.about === about && exception.difference.test(found),
  );
}

async function startRealDaemon(engine: EngineName): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const running = process.env.REAL_DOCKER;
  if (running !== undefined) return { url: running, stop: async () => undefined };
  const daemon = await startPrivateDaemon({ engine });
  await importBusybox(daemon.url, "busybox:latest");
  return daemon;
}
