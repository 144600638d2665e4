/**
 * A real dockerd 20.10 must agree with the table of documented endpoints (test/mock/documented/) in API 1.18, 1.19 and
 * 1.21, except for cases that need a fault, a scripted registry or a web page. A case of several versions runs in the
 * newest of them. EVERY_VERSION=1 runs it in each, which takes ten minutes. REAL_DOCKER=unix:///... uses a running
 * daemon, and removes its containers and images.
 */
import { afterAll, beforeAll, describe, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { isByFault, type StatusCase } from "../mock/documented/endpoint-row.ts";
import { DOCUMENTED, type DocumentedEndpoint } from "../mock/documented/endpoints.ts";
import { expectResponse, formatTitle } from "../mock/documented/expect-response.ts";
import { playCase } from "../mock/documented/play-case.ts";
import { INITIAL_STATE } from "../mock/documented/simulated-daemon.ts";
import { listCases } from "../mock/documented/table.ts";
import { RealDaemon } from "./documented/real-daemon.ts";

/** Endpoints that need a registry, which the private daemon cannot reach. */
const ASKS_THE_HUB: ReadonlySet<string> = new Set(["POST /auth", "GET /images/search"]);

let real: { readonly url: string; stop(): Promise<void> };
let daemonUnderTest: RealDaemon;

beforeAll(async () => {
  real = await startRealDaemon();
  daemonUnderTest = new RealDaemon(real.url.slice("unix://".length), INITIAL_STATE);
});

afterAll(() => real.stop());

const supported = DOCUMENTED.filter(({ version, endpoint }) => version !== "1.9" && !ASKS_THE_HUB.has(endpoint));
const playable = supported.map(
  (one) => [one, listCases(one).filter((statusCase) => isPlayable(statusCase) && isDue(one, statusCase))] as const,
);

describe.each(
  playable
    .filter(([, cases]) => cases.length > 0)
    .map(([one, cases]) => [`v${one.version} ${one.endpoint}`, one, cases] as const),
)("%s", (_name, documented, cases) => {
  test.each(cases.map((one) => [formatTitle(one), one] as const))("answers %s", async (_title, statusCase) => {
    await daemonUnderTest.reset(statusCase.setup);
    expectResponse(statusCase, await playCase(daemonUnderTest, documented.endpoint, documented.version, statusCase));
  });
});

function isPlayable(statusCase: StatusCase): boolean {
  return (
    !isByFault(statusCase) &&
    statusCase.engine === undefined &&
    !/(?:^|&)(?:fromImage|pull)=/.test(statusCase.query ?? "")
  );
}

/** In the newest version that has it. */
function isDue({ endpoint, version }: DocumentedEndpoint, statusCase: StatusCase): boolean {
  if (process.env.EVERY_VERSION !== undefined) return true;
  const having = supported.filter((one) => one.endpoint === endpoint && listCases(one).includes(statusCase));
  return having.at(-1)?.version === version;
}

async function startRealDaemon(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const running = process.env.REAL_DOCKER;
  if (running !== undefined) return { url: running, stop: async () => undefined };
  const daemon = await startPrivateDaemon();
  await importBusybox(daemon.url, "busybox:latest");
  await importBusybox(daemon.url, "hello-world:latest");
  return daemon;
}
