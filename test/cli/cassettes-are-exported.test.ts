/** `whalesong export`: HARs that come back, casts that asciinema reads, and scripts that ask the same again. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { importFile } from "../../src/integrations/import-file.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import { mockDocker } from "../../src/modes/mock-docker.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const GOLDEN = join(import.meta.dirname, "../../cassettes");
const ALL = readdirSync(GOLDEN).filter((name) => name.endsWith(".yaml"));

async function exportTo(format: string, name: string, ...flags: readonly string[]): Promise<string> {
  const output = join(createTemporaryFolder(), `out.${format}`);
  expect(await runInProcess("export", format, join(GOLDEN, name), "-o", output, ...flags)).toMatchObject({ status: 0 });
  return output;
}

test.each(ALL)("%s: its HAR has every request, and is one", async (name) => {
  const { log } = JSON.parse(readFileSync(await exportTo("har", name), "utf8"));
  const { entries } = readCassette(join(GOLDEN, name));
  const http = entries.filter(({ method }) => method !== "GRPC");
  expect(
    log.entries.map(({ request }: { request: { method: string; url: string } }) => [request.method, request.url]),
  ).toEqual(http.map(({ method, target }) => [method, `http://localhost${target}`]));
});

test.each(ALL)("%s: its HAR, written exchange by exchange, is spelled as one document", async (name) => {
  const text = readFileSync(await exportTo("har", name), "utf8");
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), undefined, 2)}\n`);
});

test("a HAR without exchanges has an empty list", async () => {
  const cassette = join(createTemporaryFolder(), "empty.yaml");
  writeFileSync(cassette, "whalesong: 1\n");
  const { stdout } = await runInProcess("export", "har", cassette);
  expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`);
  expect(JSON.parse(stdout).log.entries).toEqual([]);
});

test("a HAR comes back with the same requests and bodies", async () => {
  const har = await exportTo("har", "errors.yaml");
  const cassette = join(createTemporaryFolder(), "back.yaml");
  const { skipped, exchanges } = await importFile(har, cassette);
  // What leaves HTTP has no place in a HAR.
  const isHttp = ({ target }: { readonly target: string }): boolean =>
    !target.endsWith("/start") || !target.includes("/exec/");
  const golden = readCassette(join(GOLDEN, "errors.yaml")).entries.filter(isHttp);
  const before = golden.map((entry) => entry.readExchange());
  const after = readCassette(cassette).entries.map((entry) => entry.readExchange());
  expect({ skipped: skipped.length, exchanges }).toEqual({ skipped: 1, exchanges: before.length });
  const facts = ({ request, response }: (typeof before)[number]): unknown => [
    ...[request.method, request.target, String(request.body)],
    ...[response?.status, String(response?.body)],
  ];
  expect(after.map(facts)).toEqual(before.map(facts));
});

test.each(ALL)("%s: its cast is one of version 2, and its times do not go back", async (name) => {
  const [head = "", ...lines] = readFileSync(await exportTo("cast", name), "utf8")
    .trimEnd()
    .split("\n");
  expect(JSON.parse(head)).toMatchObject({ version: 2, width: 80, height: 24 });
  const events = lines.map((line) => JSON.parse(line) as [number, string, string]);
  expect(events.every(([, kind, text]) => kind === "o" && !/(?<!\r)\n/.test(text))).toBe(true);
  expect(events.map(([at]) => at)).toEqual(events.map(([at]) => at).sort((a, b) => a - b));
});

test("a cast has what one exchange printed", async () => {
  const text = readFileSync(await exportTo("cast", "run-hello.yaml"), "utf8");
  expect(text).toContain('"o","hello');
  const [first] = readCassette(join(GOLDEN, "run-hello.yaml")).entries;
  expect(readFileSync(await exportTo("cast", "run-hello.yaml", "--exchange", "1"), "utf8")).not.toContain("hello");
  expect(first?.target).not.toContain("attach");
});

test("a cast of exchanges that printed nothing says so", async () => {
  const path = join(GOLDEN, "run-hello.yaml");
  const { stderr, status } = await runInProcess("export", "cast", path, "--exchange", "1");
  expect(stderr).toContain("these exchanges printed nothing; `whalesong show` says which");
  expect(status).toBe(0);
  expect((await runInProcess("export", "cast", path)).stderr).toBe("");
});

test.each(ALL)("%s: its script is one for sh", async (name) => {
  const script = await exportTo("curl", name);
  expect(spawnSync("sh", ["-n", script], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
});

test("a script says where output is left out, and how to see what was recorded", async () => {
  const golden = join(GOLDEN, "run-hello.yaml");
  const { stdout } = await runInProcess("export", "curl", golden);
  const at = readCassette(golden).entries.findIndex(({ target }) => target.includes("/attach"));
  expect(stdout).toContain(
    "ContainerAttach leaves HTTP. It is not asked, and nothing that came of it is printed here.\n",
  );
  expect(stdout).toContain(`\n# What was recorded: whalesong show ${golden} --exchange ${at + 1}\n`);
});

test("a script asks the same again, whatever the bodies are", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "a.yaml");
  writeFileSync(
    cassette,
    `whalesong: 1\n---\nrequest:\n  line: POST /v1.41/volumes/create\n  json: {Name: tide, Labels: {a: "it's $(touch evil) \`touch evil\`"}}\nresponse:\n  status: 201 Created\n---\nrequest: GET /v1.41/volumes/tide\nresponse:\n  status: 200 OK\n`,
  );
  const script = join(folder, "ask.sh");
  await runInProcess("export", "curl", cassette, "-o", script);
  const docker = await mockDocker();
  try {
    const child = spawn("sh", [script], { cwd: folder, env: { ...process.env, DOCKER_HOST: docker.url } });
    const printed = await text(child.stdout);
    expect(printed.match(/"Name":"tide"/g)).toHaveLength(2);
    expect(printed).toContain("it's $(touch evil) `touch evil`");
  } finally {
    await docker.stop();
  }
  expect(existsSync(join(folder, "evil"))).toBe(false);
});

const [CONTAINER, NETWORK, EXEC] = ["1a", "2b", "3c"].map((two) => two.repeat(32)) as [string, string, string];

/** With ids of another daemon, long and short. */
const MADE = `whalesong: 1
---
request: {line: POST /v1.41/networks/create, json: {Name: reef}}
response: {status: 201 Created, json: {Id: ${NETWORK}, Warning: ""}}
---
request: {line: POST /v1.41/containers/create, json: {Image: busybox, Cmd: [sleep, "60"]}}
response: {status: 201 Created, json: {Id: ${CONTAINER}, Warnings: []}}
---
request: {line: POST /v1.41/networks/${NETWORK}/connect, json: {Container: ${CONTAINER}}}
response: 200 OK
---
request: POST /v1.41/containers/${CONTAINER.slice(0, 12)}/start
response: 204 No Content
---
request: {line: POST /v1.41/containers/${CONTAINER}/exec, json: {Cmd: [echo, it]}}
response: {status: 201 Created, json: {Id: ${EXEC}}}
---
request: GET /v1.41/exec/${EXEC}/json
response: 200 OK
---
request: GET /v1.41/containers/json?filters=%7B%22id%22%3A%5B%22${CONTAINER}%22%2C%22${CONTAINER.slice(0, 12)}%22%5D%7D
response: 200 OK
---
request: DELETE /v1.41/containers/${CONTAINER}?force=1
response: 204 No Content
---
request: DELETE /v1.41/networks/${NETWORK}
response: 204 No Content
`;

test("a script asks with the ids that today's daemon has made", async () => {
  const folder = createTemporaryFolder();
  const [cassette, script] = [join(folder, "a.yaml"), join(folder, "ask.sh")];
  writeFileSync(cassette, MADE);
  await runInProcess("export", "curl", cassette, "-o", script);
  expect(readFileSync(script, "utf8")).not.toMatch(new RegExp([CONTAINER.slice(0, 12), NETWORK, EXEC].join("|")));
  const docker = await mockDocker();
  try {
    const child = spawn("sh", [script], { cwd: folder, env: { ...process.env, DOCKER_HOST: docker.url } });
    const [printed, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(printed).not.toContain('"message"');
    expect(complaints).toBe("");
    const [, container] = /"Id":"(\w{64})","Warnings"/.exec(printed) ?? [];
    expect(printed).toMatch(new RegExp(`"ContainerID":"${container}"`));
  } finally {
    await docker.stop();
  }
});

test("a script ends where an answer has no id", async () => {
  const folder = createTemporaryFolder();
  const [cassette, script] = [join(folder, "a.yaml"), join(folder, "ask.sh")];
  writeFileSync(cassette, MADE.replaceAll("busybox", "no-such-image"));
  await runInProcess("export", "curl", cassette, "-o", script);
  const docker = await mockDocker();
  try {
    const child = spawn("sh", [script], { cwd: folder, env: { ...process.env, DOCKER_HOST: docker.url } });
    const [printed, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(complaints).toContain("no id in the answer: ");
    expect(printed).toMatch(/no such image: no-such-image/i);
    expect(printed).not.toContain("ContainerID");
  } finally {
    await docker.stop();
  }
});

/** A client of `docker run -d` and `docker logs -f`, which asks for the end before it starts the container. */
const WAITS = `whalesong: 1
---
request:
  line: POST /v1.41/containers/create?name=tide
  json: {Image: busybox, Cmd: [echo, hi]}
response:
  status: 201 Created
---
request: POST /v1.41/containers/tide/wait?condition=next-exit
response:
  status: 200 OK
stream:
  - cue: start
  - jsonl: {"StatusCode":0}
---
name: start
request: POST /v1.41/containers/tide/start
response:
  status: 204 No Content
---
request: GET /v1.41/events?since=1
response:
  status: 200 OK
stream:
  - eof: client
---
request: POST /v1.41/containers/tide/wait
response:
  status: 200 OK
  cue: [stop]
---
name: stop
request: POST /v1.41/containers/tide/stop
response:
  status: 304 Not Modified
`;

test("a script whose requests wait for each other, or were left, comes to its end", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "a.yaml");
  writeFileSync(cassette, WAITS);
  const script = join(folder, "ask.sh");
  expect(await runInProcess("export", "curl", cassette, "-o", script)).toMatchObject({ status: 0 });
  const lines = readFileSync(script, "utf8").split("\n");
  expect(lines.filter((line) => line.endsWith("&"))).toHaveLength(2);
  expect(lines.filter((line) => line.includes("--max-time"))).toHaveLength(3);
  const docker = await mockDocker();
  try {
    // A test does not wait for the seconds of a client that leaves.
    writeFileSync(script, lines.join("\n").replace("--max-time 5", "--max-time 1"));
    const child = spawn("sh", [script], { cwd: folder, env: { ...process.env, DOCKER_HOST: docker.url } });
    const printed = await text(child.stdout);
    expect(printed.match(/"StatusCode":0/g)).toHaveLength(2);
    expect(printed).toContain('"Action":"start"');
    if (child.exitCode === null) await once(child, "close");
    expect(child.exitCode).toBe(0);
  } finally {
    await docker.stop();
  }
});

test("without a file it goes to stdout, and no file is replaced", async () => {
  expect((await runInProcess("export", "curl", join(GOLDEN, "ping.yaml"))).stdout).toContain("/_ping");
  const output = join(createTemporaryFolder(), "a.har");
  writeFileSync(output, "mine");
  expect(await runInProcess("export", "har", join(GOLDEN, "ping.yaml"), "-o", output)).toMatchObject({ status: 1 });
  expect(readFileSync(output, "utf8")).toBe("mine");
});

test("a range that is not all there is refused, and nothing is written", async () => {
  const output = join(createTemporaryFolder(), "a.har");
  const words = ["har", join(GOLDEN, "ping.yaml"), "--exchange", "1-999", "-o", output];
  const { status, stderr } = await runInProcess("export", ...words);
  expect(stderr).toContain("there are not all of the exchanges `1-999`");
  expect(status).toBe(1);
  expect(readdirSync(dirname(output))).toEqual([]);
});
