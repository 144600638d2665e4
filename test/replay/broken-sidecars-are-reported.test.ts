import { expect, test } from "vitest";
import { CassetteError } from "../../src/base/errors.ts";
import { answer, encodeTextFrame, request, UPGRADED, upgradeRequest } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const FAULT = new CassetteError("WHALESONG_SIDECAR_MISSING", "run.yaml  the sidecar `run/x.bin` does not exist");
const REF = `{path: run/x.bin, size: 40000, sha256: ${"0".repeat(64)}}`;
const EXPORTED = `---\nrequest: GET /v1.41/containers/web/export\nresponse:\n  status: 200 OK\n  framing: length\n  file: ${REF}\n`;
const VERSION = "---\nrequest: GET /v1.41/version\nresponse:\n  status: 200 OK\n  json: {}\n";

/** A sidecar of which this comes before it fails. */
async function* failing(...pieces: readonly string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
  throw FAULT;
}

test("before the head: status 500", async () => {
  const created = `---\nrequest:\n  line: POST /v1.41/build\n  file: ${REF}\nresponse: 200 OK\n`;
  const theatre = new Theatre(created, { pieces: () => failing() });
  const client = theatre.client();
  await client.sends(request("POST /v1.41/build", { body: "some context" }));
  const told = await client.hearsAll();
  expect(told).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
  expect(told).toContain("whalesong: run.yaml  the sidecar `run/x.bin` does not exist [WHALESONG_SIDECAR_MISSING]");
  expect(theatre.problems).toEqual([FAULT]);
});

test("before the body: status 500, too, for no head is out", async () => {
  const theatre = new Theatre(EXPORTED, { pieces: () => failing() });
  const client = theatre.client();
  await client.sends(request("GET /v1.41/containers/web/export"));
  expect(await client.hearsAll()).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
  expect(theatre.problems).toEqual([FAULT]);
});

test("inside a body: the connection breaks off, so that no client takes the body for complete", async () => {
  const theatre = new Theatre(EXPORTED, { pieces: () => failing("half") });
  const client = theatre.client();
  await client.sends(request("GET /v1.41/containers/web/export"));
  await client.hears(answer("200 OK", { late: ["Content-Length: 40000"] }), "half");
  await client.hearsReset();
  expect(theatre.problems).toEqual([FAULT]);
});

test("inside a hijack: the connection breaks off", async () => {
  const attached = `---\nrequest: POST /containers/web/attach\nresponse:\n  status: 101 UPGRADED\n  headers: {Content-Type: application/vnd.docker.raw-stream}\nstream:\n  - stdout: "a"\n  - file: ${REF}\n`;
  const theatre = new Theatre(attached, { pieces: () => failing() });
  const client = theatre.client();
  await client.sends(upgradeRequest("POST /containers/web/attach"));
  await client.hears(UPGRADED, encodeTextFrame("stdout", "a"));
  await client.hearsReset();
});

test("other exchanges are played on", async () => {
  const theatre = new Theatre(EXPORTED + VERSION, { pieces: () => failing() });
  const client = theatre.client();
  await client.sends(request("GET /v1.41/containers/web/export"));
  await client.hearsAll();
  const other = theatre.client();
  await other.sends(request("GET /v1.41/version"));
  expect(await other.hearsUpTo("{}\n")).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
