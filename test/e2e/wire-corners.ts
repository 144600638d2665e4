/** Corners of the wire that client libraries do not expose. Each returns what the client heard, and how it ended. */
import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { dial, head, type Line } from "./line.ts";

export interface Corner {
  readonly says: string;
  /** The container that it needs, under the name `$`. */
  readonly container?: Docker.ContainerCreateOptions;
  /** `name` is the container's. */
  play(socket: string, name: string): Promise<string>;
}

const CAT: Docker.ContainerCreateOptions = {
  Cmd: ["sh", "-c", "cat; echo bye >&2; exit 3"],
  OpenStdin: true,
  StdinOnce: true,
  AttachStdin: true,
};
const UPGRADE = ["Connection: Upgrade", "Upgrade: tcp"] as const;
const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: d2hhbGVzb25nd2hhbGVzbw==",
] as const;

export const CORNERS: readonly Corner[] = [
  {
    says: "requests sent in one piece are answered in order",
    play: (socket) =>
      one(
        socket,
        head("GET /_ping") +
          head("HEAD /_ping") +
          head("GET /v1.41/containers/nobody/json") +
          head("GET /version", "Connection: close"),
      ),
  },
  {
    says: "HTTP/1.0 is answered without chunks, until the end",
    play: (socket) => one(socket, "GET /v1.41/images/json HTTP/1.0\r\n\r\n"),
  },
  {
    says: "HTTP/1.0 may ask to be kept alive",
    play: (socket) => one(socket, "GET /_ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /_ping HTTP/1.0\r\n\r\n"),
  },
  {
    says: "a missing Host is refused by the daemon itself",
    play: (socket) => one(socket, "GET /_ping HTTP/1.1\r\n\r\n"),
  },
  {
    says: "an empty Host is none of a recorder's business",
    play: (socket) => one(socket, "GET /_ping HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"),
  },
  {
    says: "a path unknown to the router has its own answer",
    play: (socket) => one(socket, head("GET /v1.41/whales", "Connection: close")),
  },
  {
    says: "old versions are told errors as plain text",
    play: (socket) => one(socket, head("GET /v1.23/containers/nobody/json", "Connection: close")),
  },
  { says: "a client that closes its half is still answered", play: halfCloses },
  { says: "100 Continue comes before the body, and only where it is read", play: waitsToContinue },
  { says: "an error comes while the client still uploads", play: hearsErrorEarly },
  {
    says: "HEAD tells of a file without a body",
    container: { Cmd: ["true"] },
    play: (socket, name) =>
      one(socket, head(`HEAD /v1.41/containers/${name}/archive?path=/bin/busybox`, "Connection: close")),
  },
  {
    says: "an attach is upgraded, and outlives the end of stdin",
    container: CAT,
    play: (socket, name) =>
      talks(socket, `POST /v1.41/containers/${name}/attach?stream=1&stdin=1&stdout=1&stderr=1`, name, ...UPGRADE),
  },
  {
    says: "an attach without Upgrade is a 200 and a bare stream",
    container: CAT,
    play: (socket, name) =>
      talks(socket, `POST /v1.41/containers/${name}/attach?stream=1&stdin=1&stdout=1&stderr=1`, name),
  },
  {
    says: "an attach to nobody is refused in its own way",
    play: (socket) => one(socket, head("POST /v1.41/containers/nobody/attach?stream=1&stdout=1", ...UPGRADE)),
  },
  {
    says: "a websocket attach speaks in frames and says goodbye",
    container: { Cmd: ["sh", "-c", "echo up"], Tty: true },
    play: speaksWebsocket,
  },
  { says: "BuildKit's session is upgraded to h2c, where the daemon speaks first", play: opensSession },
  { says: "a wait's head comes long before its body", container: CAT, play: waits },
];

async function one(socket: string, said: string): Promise<string> {
  const line = await dial(socket);
  line.say(said);
  return told(line);
}

async function halfCloses(socket: string): Promise<string> {
  const line = await dial(socket);
  line.say(head("GET /v1.41/info"));
  line.end();
  return (await told(line)).replace(/\r\n\r\n[\s\S]*?\{[\s\S]*\}/, " an object");
}

async function waitsToContinue(socket: string): Promise<string> {
  const body = '{"Name":"$"}';
  const about = ["Content-Type: application/json", `Content-Length: ${body.length}`, "Expect: 100-continue"];
  const willing = await dial(socket);
  willing.say(head("POST /v1.41/volumes/create", ...about, "Connection: close"));
  await willing.hears("100 Continue\r\n\r\n");
  willing.say(body.replace("$", "continued"));
  const unwilling = await dial(socket);
  unwilling.say(head("POST /v1.41/containers/nobody/start", ...about));
  await unwilling.hears('"}\n');
  unwilling.end();
  return `${await told(willing)}\n${await told(unwilling)}`;
}

async function hearsErrorEarly(socket: string): Promise<string> {
  const line = await dial(socket);
  line.say(
    head(
      "PUT /v1.41/containers/nobody/archive?path=/",
      "Content-Type: application/x-tar",
      "Transfer-Encoding: chunked",
    ),
  );
  // Go reads up to 256 KiB of an unwanted body before it answers.
  for (let sent = 0; sent < 12; sent++) line.say(`8000\r\n${"x".repeat(0x8000)}\r\n`);
  await line.hears('"}\n');
  // How it ends depends on how much of the upload was on its way: that is not compared.
  line.leave();
  return line.heard.toString("latin1");
}

async function talks(socket: string, start: string, name: string, ...fields: readonly string[]): Promise<string> {
  const line = await dial(socket);
  line.say(head(start, ...fields));
  await line.hears("\r\n\r\n");
  await startContainer(socket, name);
  line.say("hello\n");
  await line.hears("hello\n");
  line.end();
  return told(line);
}

async function speaksWebsocket(socket: string, name: string): Promise<string> {
  const line = await dial(socket);
  line.say(head(`GET /v1.41/containers/${name}/attach/ws?stream=1&stdout=1&stderr=1`, ...WEBSOCKET));
  await line.hears("\r\n\r\n");
  await startContainer(socket, name);
  return told(line);
}

/** The head may come in two pieces, and share the second with the preface: 71 and 39 bytes in all. */
async function opensSession(socket: string): Promise<string> {
  const line = await dial(socket);
  const about = [
    `X-Docker-Expose-Session-Uuid: ${randomUUID()}`,
    "X-Docker-Expose-Session-Name: whale",
    "X-Docker-Expose-Session-Sharedkey: k",
  ];
  line.say(head("POST /session", "Connection: Upgrade", "Upgrade: h2c", ...about));
  await line.hears("\0\0\0\x04\0\0\0\0\0");
  line.leave();
  return line.heard.toString("latin1").slice(0, 110);
}

async function waits(socket: string, name: string): Promise<string> {
  const line = await dial(socket);
  line.say(head(`POST /v1.41/containers/${name}/wait?condition=next-exit`, "Connection: close"));
  const before = (await line.hears("\r\n\r\n")).toString("latin1");
  await startContainer(socket, name);
  await one(socket, head(`POST /v1.41/containers/${name}/kill`, "Connection: close"));
  return `${before} (then) ${await told(line)}`;
}

async function startContainer(socket: string, name: string): Promise<void> {
  const answer = await one(socket, head(`POST /v1.41/containers/${name}/start`, "Connection: close"));
  if (!answer.startsWith("HTTP/1.1 204")) throw new Error(answer);
}

async function told(line: Line): Promise<string> {
  const ending = await line.ending;
  line.leave();
  return `${line.heard.toString("latin1")} (${ending})`;
}
