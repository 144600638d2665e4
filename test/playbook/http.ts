/** What a client and dockerd 20.10 say, as measured (docs/protocol-notes.md). */
import { encodeFrame, type FrameStream } from "../../src/wire/streams/stdcopy.ts";

/** The Date that a recording of `RECORDED_AT` is played back with. */
export const DATE = "Fri, 20 Nov 2026 00:00:00 GMT";
export const RECORDED_AT = "2026-11-20";

export const RAW_STREAM = "application/vnd.docker.raw-stream";

/** A client's request; a body brings its Content-Length. */
export function request(
  line: string,
  { headers = [], body = "" }: { headers?: readonly string[]; body?: string | Buffer } = {},
): Buffer {
  const size = Buffer.byteLength(body);
  const fields = ["Host: docker", ...headers, ...(size > 0 ? [`Content-Length: ${size}`] : [])];
  return Buffer.concat([Buffer.from(encodeHead(`${line} HTTP/1.1`, fields)), Buffer.from(body as string)]);
}

export function encodeJsonRequest(line: string, value: unknown): Buffer {
  return request(line, { headers: ["Content-Type: application/json"], body: JSON.stringify(value) });
}

export function upgradeRequest(line: string, body = ""): Buffer {
  const type = body === "" ? [] : ["Content-Type: application/json"];
  return request(line, { headers: [...type, "Connection: Upgrade", "Upgrade: tcp"], body });
}

export function encodeHead(start: string, fields: readonly string[]): string {
  return `${[start, ...fields].join("\r\n")}\r\n\r\n`;
}

/** An answer with moby's headers, sorted as Go does; `late` stand behind Date. */
export function answer(
  status: string,
  { own = [], late = [], body = "" }: { own?: readonly string[]; late?: readonly string[]; body?: string } = {},
): string {
  const common = [
    "Api-Version: 1.41",
    "Docker-Experimental: false",
    "Ostype: linux",
    "Server: Docker/20.10.24 (linux)",
  ];
  return encodeHead(`HTTP/1.1 ${status}`, [...[...own, ...common].sort(), `Date: ${DATE}`, ...late]) + body;
}

export function encodeJsonAnswer(status: string, body: string): string {
  return answer(status, {
    own: ["Content-Type: application/json"],
    late: [`Content-Length: ${Buffer.byteLength(body)}`],
    body,
  });
}

export function encodeChunkedAnswer(
  status: string,
  own: readonly string[] = ["Content-Type: application/json"],
): string {
  return answer(status, { own, late: ["Transfer-Encoding: chunked"] });
}

export const NO_CONTENT: string = answer("204 No Content");
export const UPGRADED: string = encodeHead("HTTP/1.1 101 UPGRADED", [
  `Content-Type: ${RAW_STREAM}`,
  "Connection: Upgrade",
  "Upgrade: tcp",
]);
export const RAW_OK: string = encodeHead("HTTP/1.1 200 OK", [`Content-Type: ${RAW_STREAM}`]);

export function encodeTextChunk(text: string | Buffer): string {
  const bytes = Buffer.from(text as string, "latin1");
  return `${bytes.length.toString(16)}\r\n${bytes.toString("latin1")}\r\n`;
}

export const LAST_CHUNK = "0\r\n\r\n";

/** One stdcopy frame, as latin1. */
export function encodeTextFrame(stream: FrameStream, text: string): string {
  return encodeFrame(stream, Buffer.from(text, "latin1")).toString("latin1");
}
