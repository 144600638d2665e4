/** Asks a daemon over its socket, byte by byte, and hears all that comes. */
import { connect } from "node:net";
import { BodyDecoder, resolveResponseFraming } from "../../../src/wire/http/body.ts";
import { parseResponseHead, type ResponseHead } from "../../../src/wire/http/head.ts";
import type { Probe } from "./probe.ts";

export interface RawResponse {
  readonly head: ResponseHead;
  readonly body: Buffer;
  /** It ended by itself. */
  readonly hasEnded: boolean;
}

/** Far longer than a busy machine needs: dockerd looks for a driver that is not there for 15 seconds. */
const PATIENCE_MS = 60_000;

/** `target` with its version and everything filled in. */
export function sendRequest(socketPath: string, target: string, probe: Probe): Promise<RawResponse> {
  const method = probe.ask.split(" ")[0] as string;
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    let hasWritten = probe.says === undefined;
    const finish = (hasEnded: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const bytes = Buffer.concat(pieces);
      if (bytes.indexOf("\r\n\r\n") === -1)
        reject(new Error(`${probe.ask}: no head within ${PATIENCE_MS} ms: ${bytes}`));
      else resolve(answerIn(bytes, method, hasEnded));
    };
    let timer = setTimeout(() => finish(false), PATIENCE_MS);
    let hasBegun = false;
    const begin = (): void => {
      hasBegun = true;
      if (probe.hears === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), probe.hears);
    };
    socket.on("data", (bytes) => {
      pieces.push(bytes);
      const all = Buffer.concat(pieces);
      const bodyLength = measureBody(all);
      if (bodyLength === undefined) return;
      if (!hasBegun && (probe.hasBody !== true || bodyLength > 0)) begin();
      if (staysInHttp(all, method, probe)) finish(false);
      if (hasWritten) return;
      hasWritten = true;
      if (probe.staysOpen === true) socket.write(probe.says ?? "");
      else socket.end(probe.says ?? "");
    });
    socket.on("end", () => finish(true));
    // A daemon that closes before it has read everything resets the connection, behind a whole answer.
    socket.on("error", (error) => {
      if (isWhole(Buffer.concat(pieces), method)) return finish(true);
      clearTimeout(timer);
      reject(new Error(`${probe.ask}: ${error.message}`, { cause: error }));
    });
    socket.write(requestOf(method, target, probe));
  });
}

/** How many bytes have come behind the head; undefined while that is not whole. */
function measureBody(bytes: Buffer): number | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  return end === -1 ? undefined : bytes.length - end - 4;
}

/** The upgrade was declined, and the whole body is there: the daemon keeps the connection, and nothing else comes. */
function staysInHttp(bytes: Buffer, method: string, { headers = [], says }: Probe): boolean {
  if (says !== undefined || !headers.some(isUpgrade) || !bytes.includes("\r\n\r\n")) return false;
  const { head, decoder } = decode(bytes, method);
  return head.status !== 101 && decoder.isDone;
}

function isWhole(bytes: Buffer, method: string): boolean {
  if (!bytes.includes("\r\n\r\n")) return false;
  const { head, decoder } = decode(bytes, method);
  return head.status === 101 || decoder.isDone;
}

function isUpgrade(line: string): boolean {
  return line.startsWith("Upgrade");
}

function requestOf(method: string, target: string, { body, headers = [], says }: Probe): Buffer {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const type = body === undefined || Buffer.isBuffer(body) ? [] : ["Content-Type: application/json"];
  const length = bytes.length > 0 || method === "POST" ? [`Content-Length: ${bytes.length}`] : [];
  const closing = says === undefined && !headers.some(isUpgrade) ? ["Connection: close"] : [];
  const lines = [`${method} ${target} HTTP/1.1`, "Host: docker", ...type, ...length, ...closing, ...headers];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), bytes]);
}

function answerIn(bytes: Buffer, method: string, hasEnded: boolean): RawResponse {
  const { head, rest, events } = decode(bytes, method);
  const body = head.status === 101 ? [rest] : events.flatMap((event) => (event.kind === "bytes" ? [event.bytes] : []));
  return { head, body: Buffer.concat(body), hasEnded };
}

/** `bytes` has a whole head. */
function decode(bytes: Buffer, method: string) {
  const end = bytes.indexOf("\r\n\r\n") + 4;
  const head = parseResponseHead(bytes.subarray(0, end));
  const decoder = new BodyDecoder(resolveResponseFraming(head, method));
  const rest = bytes.subarray(end);
  return { head, rest, decoder, events: decoder.push(rest) };
}
