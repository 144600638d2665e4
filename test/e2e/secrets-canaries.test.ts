/**
 * A canary in each place where a docker CLI puts secrets: none is in any file of the recording, in no encoding, and
 * the same session replays with other secrets.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findCanary } from "../playbook/find-canary.ts";
import { clientNamed } from "./clients.ts";
import { folderForAll } from "./folder.ts";
import { runWhalesong } from "./whalesong.ts";

const folder = folderForAll();
/** Where `SECRET-n` stands, there is another canary in each line. */
const LINES = [
  "docker run --name web -e DB_PASSWORD=SECRET-0 -d busybox sh -c 'echo logged SECRET-0; sleep 1'",
  "docker run --name flag -d busybox sleep --password=SECRET-1",
  "docker run --name label -l my.token=SECRET-2 -d busybox true",
  `docker run --name health --health-cmd 'curl -H "Authorization: Bearer SECRET-3" x' -d busybox true`,
  "docker run --name proxy -e HTTP_PROXY=http://me:SECRET-4@proxy:3128 -d busybox true",
  "docker run --name logger --log-opt my-token=SECRET-5 -d busybox true",
  "docker exec -e API_TOKEN=SECRET-6 web env",
  "docker exec web login --password SECRET-7",
  "docker inspect web flag label health proxy logger",
  "docker logs web",
  "docker commit -c 'ENV SECRET_KEY=SECRET-8' web kept",
  "docker history --no-trunc kept",
  "docker volume create -o o=addr=a,password=SECRET-9 vol",
  "docker network create -o my.secret=SECRET-10 net",
  "docker ps -a --filter label=my.token=SECRET-11",
  "echo SECRET-12 | docker login -u me --password-stdin localhost:1",
  "docker events --since 1 --until 2",
  "docker rm -f web flag label health proxy logger",
];
const CANARIES = LINES.map((_, at) => `Canary-${at}-7f3a91c2e5`);

function spellScript(docker: string, name: string, secrets: readonly string[]): string {
  const script = join(folder, name);
  const lines = LINES.map((line) => line.replace(/SECRET-(\d+)/g, (_, at: string) => secrets[Number(at)] ?? ""));
  writeFileSync(script, lines.map((line) => line.replace(/\bdocker (?=[a-z])/, `${docker} `)).join("\n"));
  return script;
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe.each(["docker CLI 28.5", "docker CLI 20.10"] as const)("%s", (name) => {
  let docker = "";
  const cassette = join(folder, `${name.replaceAll(" ", "-")}.yaml`);

  beforeAll(async () => {
    docker = (await clientNamed(name, folder)).docker ?? "docker";
    const script = spellScript(docker, "record.sh", CANARIES);
    const { stderr } = await runWhalesong("record", cassette, "--upstream", "mock", "--", "sh", script);
    expect(stderr).toContain(cassette);
  });

  test("leaves no canary in any file", () => {
    const files = [cassette, ...listFiles(cassette.replace(/\.yaml$/, ""))];
    const found = files.flatMap((file) => {
      const bytes = readFileSync(file);
      return CANARIES.flatMap((canary) => findCanary(bytes, canary).map((how) => `${canary} in ${file}: ${how}`));
    });
    expect(found).toEqual([]);
    expect(readFileSync(cassette, "utf8")).toContain("DB_PASSWORD=<redacted:");
  });

  test("replays with other secrets, and misses nothing", async () => {
    const others = CANARIES.map((_, at) => `another-${at}-secret-0b1d`);
    const script = spellScript(docker, "replay.sh", others);
    const report = join(folder, "report.json");
    await runWhalesong("replay", cassette, "--report-file", report, "--", "sh", script);
    const { missed, played } = JSON.parse(readFileSync(report, "utf8"));
    expect(missed).toEqual([]);
    expect(played).toBeGreaterThan(20);
  });
});
