/** Recorded in this process from a real daemon, and replayed in it when that daemon has been stopped. */
import { join } from "node:path";
import Docker from "dockerode";
import { beforeAll, expect, test } from "vitest";
import { imageArchive } from "../../scripts/busybox-image.js";
import { importBusybox, loadArchive, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { GROUPS, OF_THE_MACHINE } from "../clients/dockerode/cases.ts";
import { folderForAll } from "./folder.ts";

const cases = Object.entries({ ...GROUPS, "of the machine": OF_THE_MACHINE }).flatMap(([group, all]) =>
  Object.entries(all).map(([name, act]) => [`${group}: ${name}`, act] as const),
);
const folder = folderForAll();
const seen = new Map<string, unknown>();

beforeAll(async () => {
  const daemon = await startPrivateDaemon();
  try {
    await importBusybox(daemon.url, "busybox:latest");
    const note = { name: "note.txt", content: "a note\n" };
    await loadArchive(daemon.url, await imageArchive({ tag: "note:latest", layers: [[note]] }));
    for (const [at, [name, act]] of cases.entries()) {
      const options = { mode: "record", upstream: daemon.url, intercept: ["unix:///nowhere/docker.sock"] } as const;
      seen.set(name, await useCassette(cassette(at), options, () => act(docker())));
    }
  } finally {
    await daemon.stop();
  }
});

test("there are at least a hundred cases", () => {
  expect(cases.length).toBeGreaterThanOrEqual(100);
});

test.each(cases.map(([name, act], at) => [name, act, at] as const))("%s", async (name, act, at) => {
  const options = { mode: "replay", intercept: ["unix:///nowhere/docker.sock"] } as const;
  expect(await useCassette(cassette(at), options, () => act(docker()))).toEqual(seen.get(name));
});

function docker(): Docker {
  return new Docker({ socketPath: "/nowhere/docker.sock" });
}

function cassette(at: number): string {
  return join(folder, `${at}.yaml`);
}
