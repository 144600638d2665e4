import { describe, expect, test } from "vitest";
import { createFileNode, type TreeNode } from "../../../src/userland/files/node.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

/** Runs a script in a container of Engine 28 with one mount. Returns its output, or the error of its creation or start. */
async function runWith(docker: MockedDaemon, mount: object, script: string): Promise<string> {
  const body = { Image: "busybox", Cmd: ["sh", "-c", `exec 2>&1; ${script}`], HostConfig: { Mounts: [mount] } };
  const created = await docker.asks("POST /v1.51/containers/create", body);
  if (created.status !== 201) return `${created.status} ${created.json.message}`;
  const started = await docker.asks(`POST /v1.51/containers/${created.json.Id}/start`);
  if (started.status !== 204) return `${started.status} ${started.json.message.replace(/[0-9a-f]{64}/g, "<id>")}`;
  await docker.asks(`POST /v1.51/containers/${created.json.Id}/wait`);
  return docker.readsLogs(created.json.Id);
}

const IMAGE = { Type: "image", Source: "busybox", Target: "/image" };
const NO_LAYER = "/var/lib/docker/overlay2/<id>/merged/nosuch";

describe("an image that is mounted", () => {
  test.each([
    ["is there as a whole", IMAGE, "ls -d /image/etc", "/image/etc\n"],
    ["is there in part", { ...IMAGE, ImageOptions: { Subpath: "bin" } }, "ls /image/sh", "/image/sh\n"],
    ["may be a file", { ...IMAGE, ImageOptions: { Subpath: "etc/passwd" } }, "head -c 4 /image", "root"],
    ["cannot be written", IMAGE, "touch /image/x", "touch: /image/x: Read-only file system\n"],
    [
      "has to have the part",
      { ...IMAGE, ImageOptions: { Subpath: "nosuch" } },
      "true",
      `404 cannot access path ${NO_LAYER}: lstat ${NO_LAYER}: no such file or directory`,
    ],
    ["has to exist", { ...IMAGE, Source: "nosuch" }, "true", "404 No such image: nosuch:latest"],
  ])("%s", async (_, mount, script, outcome) => {
    expect(await runWith(new MockedDaemon({ engine: "28" }), mount, script)).toBe(outcome);
  });

  test("warns, and is unknown to Engine 20.10", async () => {
    const create = { Image: "busybox", HostConfig: { Mounts: [IMAGE] } };
    const { json } = await new MockedDaemon({ engine: "28" }).asks("POST /v1.51/containers/create", create);
    expect(json.Warnings).toEqual(["Image mount is an experimental feature"]);
    const old = await new MockedDaemon({ engine: "20.10" }).asks("POST /v1.41/containers/create", create);
    expect(old.json.message).toBe('invalid mount config for type "image": mount type unknown');
  });
});

describe("a part of a volume", () => {
  const PART = { Type: "volume", Source: "reef", Target: "/part", VolumeOptions: { Subpath: "a/b" } };
  const WHOLE = { Type: "volume", Source: "reef", Target: "/whole" };

  test("shares its files with the whole volume", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    await runWith(docker, WHOLE, "mkdir -p /whole/a/b; echo cod > /whole/a/b/fish");
    expect(await runWith(docker, PART, "cat /part/fish; echo eel > /part/other")).toBe("cod\n");
    expect(await runWith(docker, WHOLE, "cat /whole/a/b/other")).toBe("eel\n");
  });

  test.each([
    ["../x", "reef", "subpath must be a relative path within the volume"],
    ["/a", "reef", "subpath must be a relative path within the volume"],
    ["a", "", "must not set Subpath when using anonymous volumes"],
  ])("at %j of %j is refused", async (Subpath, Source, why) => {
    const mount = { ...PART, Source, VolumeOptions: { Subpath } };
    const outcome = await runWith(new MockedDaemon({ engine: "28" }), mount, "true");
    expect(outcome).toBe(`400 invalid mount config for type "volume": ${why}`);
  });
});

describe("the place of a mount", () => {
  const hostFiles = (path: string): TreeNode | undefined =>
    path === "/vault/token" ? createFileNode("s3cret\n", 0) : undefined;
  const SECRET = { Type: "bind", Source: "/vault/token", Target: "/run/secrets/token", ReadOnly: true };
  const makeDocker = (): MockedDaemon => new MockedDaemon({ engine: "28", hostFiles });

  test.each([
    ["of a file is made, with the folders before it", SECRET, "cat /run/secrets/token; ls /run", "s3cret\nsecrets\n"],
    ["of a volume, too", { Type: "volume", Source: "reef", Target: "/deep/reef" }, "ls /deep", "reef\n"],
    ["of memory, too", { Type: "tmpfs", Target: "/deep/t" }, "touch /deep/t/x; ls /deep/t", "x\n"],
    [
      "is not made for what is not there",
      { ...SECRET, Source: "/vault/nosuch" },
      "true",
      '400 invalid mount config for type "bind": bind source path does not exist: /vault/nosuch',
    ],
  ])("%s", async (_, mount, script, outcome) => {
    expect(await runWith(makeDocker(), mount, script)).toBe(outcome);
  });

  test("stays in the container's own files", async () => {
    const docker = makeDocker();
    const HostConfig = { Mounts: [SECRET], ReadonlyRootfs: true, Tmpfs: { "/deep/t": "" } };
    const { json } = await docker.asks("POST /v1.51/containers/create", {
      Image: "busybox",
      Cmd: ["true"],
      HostConfig,
    });
    await docker.asks(`POST /v1.51/containers/${json.Id}/start`);
    await docker.asks(`POST /v1.51/containers/${json.Id}/wait`);
    const changes: readonly { readonly Path: string }[] = (
      await docker.asks(`GET /v1.51/containers/${json.Id}/changes`)
    ).json;
    expect(changes.map(({ Path }) => Path).sort()).toEqual([
      "/deep",
      "/deep/t",
      "/run",
      "/run/secrets",
      "/run/secrets/token",
    ]);
  });
});
