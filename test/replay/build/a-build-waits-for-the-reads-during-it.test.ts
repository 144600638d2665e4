/** What a client looked at while a build was under way is answered from before its end, however quickly it is played. */
import { expect, test } from "vitest";
import { connectionPair } from "../../../src/session/pair.ts";
import { request } from "../../playbook/http.ts";
import { Peer } from "../../playbook/peer.ts";
import { BuildClient } from "./build-client.ts";
import { BuildTheatre, recordingOf } from "./build-theatre.ts";
import { PLAIN } from "./recorded-builds.ts";

const read = (answer: string, during = ""): string =>
  `---\n${during}request: GET /v1.51/images/json\nresponse:\n  status: 200 OK\n  json: {"State":"${answer}"}\n`;

/** The build `plain`, with these reads behind it. */
async function prepare(...reads: readonly string[]): Promise<BuildTheatre> {
  const edit = (text: string): string =>
    text.replace(/^request: GRPC \/moby\.buildkit\.v1\.Control\/Solve$/m, "name: build\n$&") + reads.join("");
  return new BuildTheatre(await recordingOf("plain"), { edit });
}

async function look({ daemon }: BuildTheatre): Promise<string | undefined> {
  const [near, far] = connectionPair();
  void daemon(far);
  const client = new Peer(near);
  await client.sends(request("GET /v1.51/images/json"));
  await client.closesItsHalf();
  return /"State":"(\w+)"/.exec(await client.hearsAll())?.[1];
}

test("is over when what was read during it has been read", async () => {
  const theatre = await prepare(read("one", "during: build\n"), read("two", "during: build\n"), read("after"));
  const client = new BuildClient(theatre.daemon);
  let isOver = false;
  const build = client.build(await client.connect(), PLAIN).then((result) => {
    isOver = true;
    return result;
  });
  while (!theatre.deck.playedExchanges.size) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await look(theatre)).toBe("one");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isOver).toBe(false);
  expect(await look(theatre)).toBe("two");
  expect((await build).solve).toMatchObject({ code: 0 });
  expect(await look(theatre)).toBe("after");
});

test("is over when a client has not read for two seconds", async () => {
  const theatre = await prepare(read("one", "during: build\n"), read("after"));
  const client = new BuildClient(theatre.daemon);
  expect((await client.build(await client.connect(), PLAIN)).solve).toMatchObject({ code: 0 });
  expect(await look(theatre)).toBe("after");
});
