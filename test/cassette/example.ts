/** The examples of docs/cassette-format.md, in the spelling of the writer. */
export const DIGEST = "5f1e6c0d".repeat(8);

export const HEADER = `whalesong: 1
recorded: {at: "2026-02-11", by: whalesong 0.1.0, from: "Docker Engine 20.10.24, API 1.41, linux/amd64"}
every-response: {Api-Version: "1.41", Docker-Experimental: "false", Ostype: linux, Server: Docker/20.10.24 (linux)}
`;

export const CREATE = `---
request:
  line: POST /v1.41/containers/create?name=web
  json: {"Image":"alpine:3.20","Cmd":["cat"],"OpenStdin":true}
response:
  status: 201 Created
  json: {"Id":"3f1c0a9be2d4","Warnings":[]}
`;

export const PULL = `---
request:
  line: POST /v1.41/images/create?fromImage=alpine&tag=3.20
  headers: {X-Registry-Auth: <redacted>}
response: 200 OK
stream:
  - progress: {"status":"Pulling from library/alpine","id":"3.20"}
  - wait: 500ms
  - progress: {"status":"Downloading","progressDetail":{"current":49152,"total":3624448},"progress":"[\\u003e   ]","id":"9824c27679d3"}
  - wait: 100ms
  - progress: {"status":"Status: Downloaded newer image for alpine:3.20"}
`;

export const ATTACH = `---
request: POST /v1.41/containers/3f1c0a9be2d4/attach?stream=1&stdin=1&stdout=1&stderr=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - cue: start
  - stdin: "hello\\n"
  - stdout: "hello\\n"
  - stdin: |
      two
      lines
  - stdout: |
      two
      lines
  - eof: client
  - wait: 20ms
  - stderr: "cat: bye\\n"
  - eof: daemon
`;

export const START = `---
name: start
request: POST /v1.41/containers/3f1c0a9be2d4/start
response: 204 No Content
`;

export const TERMINAL = `---
request:
  line: POST /v1.41/exec/77ab10/start
  json: {"Detach":false,"Tty":true}
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - tty: "\\e[1;32m/ # \\e[0m"
  - stdin: "ls\\r"
  - tty: "ls\\r\\n"
  - wait: 10ms
  - tty: "\\e[1;34mbin\\e[m   \\e[1;34mdev\\e[m\\r\\n\\e[1;32m/ # \\e[0m"
  - stdin: "\\x04"
  - eof: daemon
`;

export const BUILD = `---
request:
  line: POST /v1.41/build?t=web%3Adev
  headers: {Content-Type: application/x-tar}
  file: {path: run-cat/context.tar, size: 10240, sha256: ${DIGEST}}
response: 200 OK
stream:
  - progress: {"stream":"Step 1/2 : FROM alpine:3.20"}
  - wait: 200ms
  - progress: {"aux":{"ID":"sha256:0b9f1c"}}
`;

export const EXCHANGES: readonly string[] = [CREATE, PULL, ATTACH, START, TERMINAL, BUILD];
export const CASSETTE: string = HEADER + EXCHANGES.join("");
