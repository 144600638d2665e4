/**
 * The mock must answer each probe as a real daemon does, at six API versions. The first of them is the oldest that
 * dockerd 20.10 speaks. REAL_DOCKER=unix:///... uses a running daemon, which must have busybox:latest and no containers.
 */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";
import { EXCEPTIONS } from "./agreement/exceptions.ts";
import { PROBES } from "./agreement/probes.ts";
import { formatReport, type ProbeResult, runProbes } from "./agreement/run-probes.ts";

const VERSIONS = ["1.12", "1.18", "1.19", "1.21", "1.24", "1.41"];
const SHOWN = 8;
const findings: ProbeResult[] = [];
let real: { readonly url: string; stop(): Promise<void> };
let mock: MockDocker;

beforeAll(async () => {
  real = await startRealDaemon();
  mock = await mockDocker({ minApi: "1.12", onFault: (fault) => console.error(fault) });
});

afterAll(async () => {
  const report = formatReport(findings);
  console.log(report);
  if (process.env.AGREEMENT_REPORT !== undefined) writeFileSync(process.env.AGREEMENT_REPORT, `${report}\n`);
  await Promise.all([real.stop(), mock.stop()]);
});

test.each(VERSIONS)("at API %s what a client sees is the same", async (api) => {
  const found = await runProbes(real.url.slice("unix://".length), mock.socketPath as string, api, PROBES);
  findings.push(...found);
  expect(found.flatMap(listUnexplained)).toEqual([]);
});

/** Each difference that has no reason, under the request that shows it. */
function listUnexplained({ probe, differences }: ProbeResult): string[] {
  const left = differences.filter((difference) => !isExcepted(probe.about, difference));
  if (left.length === 0) return [];
  const request = probe.body === undefined ? probe.ask : `${probe.ask} ${JSON.stringify(probe.body).slice(0, 80)}`;
  const more = left.length > SHOWN ? [`and ${left.length - SHOWN} more`] : [];
  return [[request, ...left.slice(0, SHOWN), ...more].join("\n    ")];
}

function isExcepted(about: string, found: string): boolean {
  return EXCEPTIONS.some((exception) => exception.about === about && exception.difference.test(found));
}

async function startRealDaemon(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const running = process.env.REAL_DOCKER;
  if (running !== undefined) return { url: running, stop: async () => undefined };
  const daemon = await startPrivateDaemon();
  await importBusybox(daemon.url, "busybox:latest");
  return daemon;
}
