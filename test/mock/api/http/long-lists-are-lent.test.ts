import { expect, test } from "vitest";
import { systemClock } from "../../../../src/io/clock.ts";
import { createSocketUrl, listen } from "../../../../src/io/listen/listen.ts";
import { createEngine } from "../../../../src/mock/daemon/create-engine.ts";
import { populate } from "../../../../src/mock/daemon/fixtures/populate.ts";
import { mock } from "../../../../src/mock/daemon/mock.ts";
import type { Connection } from "../../../../src/session/connection.ts";
import { createDaemon } from "../../../../src/session/daemon.ts";
import { dialSocket, readAll, readSome } from "../../../io/transports.ts";
import { parseTestResponse, START } from "../../../playbook/mocked.ts";

/** More than the kernel takes, and than a connection reads ahead. */
const LABEL = "x".repeat(64 * 1024);
const COUNT = 20;

async function askForAll(url: string, label: string): Promise<Connection> {
  const connection = await dialSocket(url);
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const line = `GET /v1.41/containers/json?all=1&filters=${filters} HTTP/1.1`;
  await connection.write(Buffer.from(`${line}\r\nHost: docker\r\nConnection: close\r\n\r\n`));
  return connection;
}

function listNames(response: Buffer): string[] {
  const { json } = parseTestResponse(response.toString("latin1"), "GET /v1.41/containers/json");
  return json.map(({ Names, Labels }: { Names: string[]; Labels: object }) => {
    expect(Labels).toMatchObject({ long: LABEL });
    return Names[0];
  });
}

test("a list that is read slowly stays as it was while others are made, and after them", async () => {
  const engine = createEngine({ clock: systemClock, startMs: START });
  const containers = [0, 1].flatMap((sea) =>
    Array.from({ length: COUNT }, (_, at) => ({
      name: `s${sea}-${at}`,
      image: "busybox",
      state: "created" as const,
      labels: { sea: `${sea}`, long: LABEL },
    })),
  );
  populate(engine, { containers });
  const listener = await listen(createSocketUrl(), createDaemon(mock(engine)));
  for (const _ of [1, 2]) {
    const slow = await askForAll(listener.url, "sea=0");
    const begun = await readSome(slow, 1024);
    const other = listNames(await readAll(await askForAll(listener.url, "sea=1")));
    const whole = Buffer.concat([begun, await readAll(slow)]);
    const expected = (sea: number) => Array.from({ length: COUNT }, (_, at) => `/s${sea}-${COUNT - 1 - at}`);
    expect(listNames(whole)).toEqual(expected(0));
    expect(other).toEqual(expected(1));
  }
  await listener.close();
});
