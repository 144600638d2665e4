/** Fifty concurrent tests of one process, each with its cassette; all with one agent, one dockerode and one address. */
import { writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { afterAll, describe, expect, test } from "vitest";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { folderForAll } from "../e2e/folder.ts";

const COUNT = 50;
const SOCKET = "/var/run/docker.sock";
const folder = folderForAll();
const agent = new Agent({ keepAlive: true, maxSockets: 3, maxTotalSockets: 40 });
const docker = new Docker({ socketPath: SOCKET });
afterAll(() => agent.destroy());

describe.concurrent("fifty at once", () => {
  test.each(Array.from({ length: COUNT }, (_, number) => number))("number %i", async (number) => {
    await useCassette(writeCassette(number), { mode: "replay" }, async () => {
      await waitForAll();
      for (let round = 0; round < 4; round += 1) {
        const [name, inspected, info] = await Promise.all([
          requestName("/name"),
          docker.getContainer("web").inspect(),
          docker.info(),
        ]);
        expect([name, inspected.Name, info.Name]).toEqual([`name ${number}`, `web ${number}`, `whale ${number}`]);
      }
      // A change is played once for each time it was recorded: another's client would have taken it.
      await docker.getContainer("web").start();
    });
  });
});

let arrived = 0;
let open: () => void = () => undefined;
const gate = new Promise<void>((resolve) => {
  open = resolve;
});

function waitForAll(): Promise<void> {
  arrived += 1;
  if (arrived === COUNT) open();
  return gate;
}

function writeCassette(number: number): string {
  const path = join(folder, `${number}.yaml`);
  const answers = [
    ["GET /name", `text: name ${number}`],
    ["GET /containers/web/json", `json: {"Name":"web ${number}"}`],
    ["GET /info", `json: {"Name":"whale ${number}"}`],
  ];
  const documents = answers.map(([line, body]) => `---\nrequest: ${line}\nresponse:\n  status: 200 OK\n  ${body}\n`);
  const start = "---\nrequest: POST /containers/web/start\nresponse: 204 No Content\n";
  writeFileSync(path, `whalesong: 1\n${documents.join("")}${start}`);
  return path;
}

function requestName(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath: SOCKET, path, agent }, (answer) => text(answer).then(resolve, reject)).on("error", reject);
  });
}
