/** msw and nock take over Node's HTTP client. A hijack through them fails, so what is intercepted goes past them. */
import http from "node:http";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { HttpResponse, http as mswHttp } from "msw";
import { setupServer } from "msw/node";
import nock from "nock";
import { describe, expect, onTestFinished, test } from "vitest";
import { dockerodePlain } from "../../../scripts/clients/dockerode-plain.js";
import { dockerodeRun } from "../../../scripts/clients/dockerode-run.js";
import { intercept } from "../../../src/io/intercept/intercept.ts";
import { createOfflineReplay } from "../../../src/modes/replay.ts";
import { goldenPath } from "../../golden/cassettes.ts";

const PATH = "/nowhere/docker.sock";
const MOCKED = "http://mocked.invalid/";

interface Mock {
  start(): void;
  stop(): void;
}

/** What msw 2 and msw 3 call the same thing. */
const REFUSING: object = { onUnhandledRequest: "error", onUnhandledFrame: "error" };
const server = setupServer(mswHttp.get(MOCKED, () => HttpResponse.text("mocked")));
const mocks: readonly (readonly [name: string, mock: Mock])[] = [
  ["msw", { start: () => server.listen(REFUSING), stop: () => server.close() }],
  [
    "nock",
    {
      start: () => {
        if (!nock.isActive()) nock.activate();
        nock(MOCKED).persist().get("/").reply(200, "mocked");
      },
      stop: () => {
        nock.cleanAll();
        nock.restore();
      },
    },
  ],
];
nock.restore();

describe.each(mocks)("beside %s", (_name, mock) => {
  test.each(["before", "after"] as const)(
    "everything works that works without it, when it comes %s the cassette",
    async (order) => {
      await expectPlayback(mock, order, "dockerode-run", dockerodeRun);
      await expectPlayback(mock, order, "dockerode-plain", dockerodePlain);
    },
  );
});

async function expectPlayback(
  mock: Mock,
  order: "before" | "after",
  cassette: string,
  session: typeof dockerodeRun,
): Promise<void> {
  if (order === "before") mock.start();
  const service = insertCassette(cassette);
  if (order === "after") mock.start();
  // A cassette that is inserted now puts the patches in front again.
  if (order === "after") insertCassette("ping", "/nowhere/other.sock");
  // Stopped once for each start: msw 3 takes a second time for a fault.
  try {
    for await (const _step of session(new Docker({ socketPath: PATH })));
    const report = await service.finish();
    expect(report).toMatchObject({ played: report.exchanges, missed: [], unplayed: [], differing: [] });
    expect(await answer(MOCKED)).toBe("mocked");
  } finally {
    mock.stop();
  }
}

function insertCassette(cassette: string, path = PATH): ReturnType<typeof createOfflineReplay> {
  const service = createOfflineReplay({ cassettes: [goldenPath(cassette)] });
  const interception = intercept(service.daemon, { at: [path] });
  onTestFinished(() => interception.close());
  return service;
}

function answer(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http.get(url, (response) => text(response).then(resolve, reject)).on("error", reject);
  });
}
