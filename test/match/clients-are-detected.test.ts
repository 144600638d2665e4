/** Which clients a recording is for: by the names that they gave themselves, and by what they sent. */
import { expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { detectPresets } from "../../src/match/rules/detect-presets.ts";

const posted = (path: string, body: string): string =>
  `---\nrequest:\n  line: POST ${path}\n  json-bare: ${body}\nresponse: 204 No Content\n`;

function detect(client: string, ...documents: readonly string[]): readonly string[] {
  const recorded = client === "" ? "" : `recorded: {client: '${client}'}\n`;
  return detectPresets(openCassette(Buffer.from(`whalesong: 1\n${recorded}${documents.join("")}`), "c.yaml"));
}

const START = "/v1.41/containers/web/start";
const COMPOSE = posted("/v1.41/containers/create", '{"Labels":{"com.docker.compose.project":"shop"}}');

test.each([
  ["the docker CLI", "Docker-Client/28.5.2", [], ["docker-cli"]],
  ["compose v2", "compose/v2.40.3", [], ["compose"]],
  ["compose v1", "docker-compose/1.29.2", [], ["compose"]],
  ["docker-py", "docker-sdk-python/5.0.3", [], ["docker-py"]],
  [
    "several at once",
    "docker-sdk-python/5.0.3, Docker-Client/20.10.24",
    [COMPOSE],
    ["docker-py", "docker-cli", "compose"],
  ],
  ["an unknown one", "curl/7.88.1", [posted("/v1.41/volumes/create", '{"Name":"a"}')], []],
  ["dockerode, which names itself nowhere", "", [posted(START, "{}")], ["dockerode"]],
  [
    "dockerode beside a client that is known",
    "Docker-Client/28.5.2",
    [posted(START, "{}")],
    ["docker-cli", "dockerode"],
  ],
  ["compose by its labels", "", [COMPOSE], ["compose"]],
] as const)("%s", (_, client, documents, presets) => {
  expect(detect(client, ...documents)).toEqual(presets);
});

test.each([
  "/v1.41/networks/prune",
  "/v1.41/volumes/create",
  "/v1.41/exec/1/start",
  "/v1.41/containers/create",
  "/v1.41/containers/web/update",
])("an empty object at POST %s may be any client's", (path) => {
  expect(detect("", posted(path, "{}"))).toEqual([]);
});

test("an empty object is an unknown client's where one is named", () => {
  expect(detect("python-requests/2.31.0", posted(START, "{}"))).toEqual([]);
});
