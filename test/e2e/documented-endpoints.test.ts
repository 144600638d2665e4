/**
 * The table of documented endpoints (test/mock/documented/) is asked of a real dockerd 20.10, too: what its rows of
 * 1.18, 1.19 and 1.21 say without a fault, a scripted registry or a page of the web, holds there as well. A case of
 * several versions is asked in the newest of them; with EVERY_VERSION=1, which takes ten minutes, in each. With
 * REAL_DOCKER=unix:///... a daemon that runs already is asked, whose containers and images are its to lose.
 */
import { afterAll, beforeAll, describe, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { DOCUMENTED, type Documented } from "../mock/documented/endpoints.ts";
import { expectAnswer, titleOf } from "../mock/documented/expected.ts";
import { play } from "../mock/documented/play.ts";
import { type Case, isByFault } from "../mock/documented/row.ts";
import { SCENE } from "../mock/documented/stage.ts";
import { casesOf } from "../mock/documented/table.ts";
import { RealStage } from "./documented/real-stage.ts";

/** What a real daemon asks a registry for, which it cannot reach here. */
const ASKS_THE_HUB: ReadonlySet<string> = new Set(["POST /auth", "GET /images/search"]);

let real: { readonly url: string; stop(): Promise<void> };
let stage: RealStage;

beforeAll(async () => {
  real = await realDaemon();
  stage = new RealStage(real.url.slice("unix://".length), SCENE);
});

afterAll(() => real.stop());

const spoken = DOCUMENTED.filter(({ version, endpoint }) => version !== "1.9" && !ASKS_THE_HUB.has(endpoint));
const played = spoken.map(
  (one) => [one, casesOf(one).filter((wanted) => isPlayable(wanted) && isDue(one, wanted))] as const,
);

describe.each(
  played
    .filter(([, cases]) => cases.length > 0)
    .map(([one, cases]) => [`v${one.version} ${one.endpoint}`, one, cases] as const),
)("%s", (_name, documented, cases) => {
  test.each(cases.map((one) => [titleOf(one), one] as const))("answers %s", async (_title, wanted) => {
    await stage.set(wanted.given);
    expectAnswer(wanted, await play(stage, documented.endpoint, documented.version, wanted));
  });
});

function isPlayable(wanted: Case): boolean {
  return !isByFault(wanted) && wanted.engine === undefined && !/(?:^|&)(?:fromImage|pull)=/.test(wanted.query ?? "");
}

/** In the newest version that has it. */
function isDue({ endpoint, version }: Documented, wanted: Case): boolean {
  if (process.env.EVERY_VERSION !== undefined) return true;
  const having = spoken.filter((one) => one.endpoint === endpoint && casesOf(one).includes(wanted));
  return having.at(-1)?.version === version;
}

async function realDaemon(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const running = process.env.REAL_DOCKER;
  if (running !== undefined) return { url: running, stop: async () => undefined };
  const daemon = await startPrivateDaemon();
  await importBusybox(daemon.url, "busybox:latest");
  await importBusybox(daemon.url, "hello-world:latest");
  return daemon;
}
