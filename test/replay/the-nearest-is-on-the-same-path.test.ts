/** Of what a miss may have meant: first the same operation and path, then what is not played, then what differs least. */
import { expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { packTar } from "../playbook/tarred.ts";
import { Theatre } from "../playbook/theatre.ts";

const archive = (files: Readonly<Record<string, string>>): Buffer => packTar(files);
const upload = (path: string, tar: Buffer): Buffer =>
  request(`PUT ${path}`, { headers: ["Content-Type: application/x-tar"], body: tar });
const uploaded = (path: string, tar: Buffer): string =>
  `---\nrequest:\n  line: PUT ${path}\n  headers: {Content-Type: application/x-tar}\n  base64: ${tar.toString("base64")}\nresponse: 200 OK\n`;
const created = (name: string, body: object): string =>
  `---\nname: ${name}\nrequest:\n  line: POST /v1.41/containers/create\n  json-bare: ${JSON.stringify(body)}\nresponse:\n  status: 201 Created\n  json: {"Id":"1"}\n`;
const MANY = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}.txt`, `${at}`]));

async function nearestTo(theatre: Theatre, bytes: Buffer): Promise<string> {
  await theatre.asks(bytes);
  return theatre.misses.at(-1)?.nearest?.place ?? "none";
}

test("a tar with many other members on the same path, before one that differs in its path alone", async () => {
  const [here, there] = ["/v1.41/containers/web/archive?path=%2F", "/v1.41/containers/db/archive?path=%2F"];
  const sent = archive({ "g.txt": "g" });
  const theatre = new Theatre(uploaded(there, sent) + uploaded(here, archive(MANY)));
  expect(await nearestTo(theatre, upload(here, sent))).toBe("run.yaml:11");
});

test("what is not played, before a played one that differs less", async () => {
  const body = { Image: "x", Cmd: ["a"], Tty: false, Env: ["A=1"] };
  const theatre = new Theatre(created("played", body) + created("open", { Image: "y", Cmd: ["b"], Tty: true }));
  await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create", body));
  await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create", { ...body, Env: ["A=2"] }));
  expect(theatre.misses.at(-1)?.nearest?.name).toBe("open");
});

test("of two on the same path that are not played, the one that differs less", async () => {
  const theatre = new Theatre(created("far", { Image: "y", Cmd: ["b"] }) + created("near", { Image: "x", Cmd: ["b"] }));
  await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create", { Image: "x", Cmd: ["a"] }));
  expect(theatre.misses.at(-1)?.nearest?.name).toBe("near");
});

test("the same operation on another path, before a path that is only alike", async () => {
  const read = (path: string): string => `---\nrequest: GET ${path}\nresponse:\n  status: 200 OK\n  json: {}\n`;
  const theatre = new Theatre(read("/v1.41/containers/web/top") + read("/v1.41/containers/db/json"));
  expect(await nearestTo(theatre, request("GET /v1.41/containers/web/json"))).toBe("run.yaml:10");
});

test("the nearest is found behind thousands that are further away", async () => {
  const many = Array.from({ length: 1500 }, (_, at) => created(`c${at}`, { Image: `i${at}` }));
  const here = `---\nname: here\nrequest:\n  line: POST /v1.41/containers/create?name=web\n  json-bare: {"Image":"a"}\nresponse: 201 Created\n`;
  const theatre = new Theatre(many.join("") + here.replaceAll("/create?name=web", "/web/update"));
  await theatre.asks(encodeJsonRequest("POST /v1.41/containers/web/update", { Image: "b" }));
  expect(theatre.misses.at(-1)?.nearest?.name).toBe("here");
});
