/** Two recordings of one session, in memory, and what becomes of the second one. */
import { createHash } from "node:crypto";
import { openCassette } from "../../src/cassette/read.ts";
import { rerecord } from "../../src/compare/rerecord.ts";
import type { ComparedRecording } from "../../src/match/suggest.ts";

export const HEADER = `whalesong: 1
recorded: {at: "2026-02-11", by: whalesong 0.1.0, from: "Docker Engine 28.5.2, API 1.51, linux"}
every-response: {Api-Version: "1.51", Server: Docker/28.5.2 (linux)}
`;

/** An id that is the same for the same words. */
export function idOf(words: string): string {
  return createHash("sha256").update(words).digest("hex");
}

export interface SessionFiles {
  readonly [path: string]: Buffer;
}

export function openRecording(text: string, files: SessionFiles = {}): ComparedRecording {
  return {
    cassette: openCassette(Buffer.from(text), "a.yaml"),
    pieces: async function* ({ path }) {
      yield files[path] as Buffer;
    },
  };
}

/** The spans are those of exchanges one behind the other, if none are named. */
export async function rerecordTexts(
  old: string,
  fresh: string,
  options: { readonly spans?: readonly (readonly [number, number])[]; readonly files?: SessionFiles } = {},
): Promise<string> {
  const { cassette, pieces } = openRecording(fresh, options.files);
  const { headerText, documents } = await rerecord(openRecording(old, options.files), {
    headerText: cassette.headerText,
    documents: Array.from(cassette.entries, (entry, at) => {
      const [from, to] = options.spans?.[at] ?? [at * 10, at * 10 + 5];
      return { text: `---\n${entry.readText()}`, span: { from, to } };
    }),
    read: pieces,
    annotate: (text) => text,
  });
  return headerText + documents.join("");
}

/** A container's life as a CLI asks for it; every value that the daemon makes depends on `run`. */
export function createSession(run: string, { name = "web", word = "hello", extra = "", start = "start" } = {}): string {
  const [id, net, image] = [idOf(`container ${name} ${run}`), idOf(`network ${run}`), idOf("busybox")];
  const second = run === "first" ? "10" : "40";
  const time = `2026-02-11T10:00:${second}.123456789Z`;
  return `${HEADER}---
request: HEAD /_ping
response: 200 OK
---
request:
  line: POST /v1.51/containers/create?name=${name}
  json: {"Image":"busybox","Cmd":["echo","${word}"]}
response:
  status: 201 Created
  json: {"Id":"${id}","Warnings":[]}
---
request: POST /v1.51/containers/${id}/attach?stdout=1&stream=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.multiplexed-stream}
stream:
  - cue: ${start}
  - stdout: "${word} from ${id.slice(0, 12)}\\n"
  - eof: daemon
---
name: ${start}
request: POST /v1.51/containers/${id}/start
response: 204 No Content
${extra}---
request: GET /v1.51/containers/${name}/json
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json:
    Id: ${id}
    Created: "${time}"
    State:
      Status: exited
      Pid: ${run === "first" ? 110 : 2345}
      StartedAt: "${time}"
      FinishedAt: "0001-01-01T00:00:00Z"
    Image: sha256:${image}
    Config:
      Hostname: ${id.slice(0, 12)}
      Cmd: [echo, ${word}]
    NetworkSettings:
      SandboxKey: /var/run/docker/netns/${idOf(`sandbox ${run}`).slice(0, 12)}
      Networks:
        bridge:
          MacAddress: ${run === "first" ? "be:8d:2c:26:d3:12" : "82:3e:bd:6a:c6:62"}
          NetworkID: ${net}
          IPAddress: "172.17.0.${run === "first" ? 2 : 3}"
`;
}
