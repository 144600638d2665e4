/** `wget`: fetches a page over HTTP, and tells of it as busybox does. */
import type { Connection } from "../../../session/connection.ts";
import { BodyDecoder, type BodyEvent, resolveResponseFraming } from "../../../wire/http/body.ts";
import { encodeRequestHead, findFieldValue, parseResponseHead, type ResponseHead } from "../../../wire/http/head.ts";
import { FileError } from "../../files/file-error.ts";
import { resolvePath } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { connectTo, fail, resolveAddress } from "./connect-to.ts";
import { readInvocation, type WgetInvocation } from "./wget-options.ts";

const MOST_REDIRECTIONS = 10;
const BAR = `100% |${"*".repeat(32)}|`;

export const wget: Program = async (self) => {
  const wish = readInvocation(self.argv);
  let [url = ""] = wish.urls;
  if (url === "") return fail(self, "missing URL");
  for (let times = 0; times < MOST_REDIRECTIONS; times += 1) {
    const { head, body } = await fetchPage(self, url, wish);
    const location = findFieldValue(head.fields, "Location");
    if (head.status < 300) return keep(self, url, wish, body);
    if (head.status >= 400 || location === undefined) {
      return fail(self, `server returned error: HTTP/1.1 ${head.status} ${head.reason}`);
    }
    url = URL.canParse(location, url) ? new URL(location, url).href : location;
  }
  return fail(self, "too many redirections");
};

interface Fetched {
  readonly head: ResponseHead;
  readonly body: Buffer;
}

async function fetchPage(self: Process, text: string, wish: WgetInvocation): Promise<Fetched> {
  const url = await parseUrl(self, text);
  const port = Number(url.port || 80);
  const address = await resolveAddress(self, url.hostname, url.host);
  if (!wish.isQuiet) await self.writeStderr(`Connecting to ${url.host} (${address}:${port})\n`);
  const connection = await connectTo(self, address, port);
  await connection.write(encodeRequest(url, wish));
  const answer = await answerOf(self, connection, wish.method);
  if (wish.showsHead) await self.writeStderr(formatHead(answer.head));
  connection.end();
  return answer;
}

async function parseUrl(self: Process, text: string): Promise<URL> {
  const whole = /^\w+:\/\//.test(text) ? text : `http://${text}`;
  if (URL.canParse(whole) && whole.startsWith("http:")) return new URL(whole);
  return fail(self, `not an http url: ${text}`);
}

function encodeRequest(url: URL, { method, fields, body }: WgetInvocation): Buffer {
  const head = encodeRequestHead({
    method,
    target: `${url.pathname}${url.search}`,
    version: "HTTP/1.1",
    fields: [["Host", url.host], ["User-Agent", "Wget"], ["Connection", "close"], ...fields],
  });
  return Buffer.concat([head, body]);
}

async function answerOf(self: Process, connection: Connection, method: string): Promise<Fetched> {
  let held = Buffer.alloc(0);
  while (!held.includes("\r\n\r\n")) {
    const bytes = await self.waitUntil(connection.read());
    if (bytes === undefined) return fail(self, "error getting response");
    held = Buffer.concat([held, bytes]);
  }
  const end = held.indexOf("\r\n\r\n") + 4;
  const head = parseResponseHead(held.subarray(0, end));
  const decoder = new BodyDecoder(resolveResponseFraming(head, method));
  const pieces = readBytes(decoder.push(held.subarray(end)));
  while (!decoder.isDone) {
    const bytes = await self.waitUntil(connection.read());
    pieces.push(...readBytes(bytes === undefined ? decoder.end() : decoder.push(bytes)));
  }
  return { head, body: Buffer.concat(pieces) };
}

function readBytes(events: readonly BodyEvent[]): Buffer[] {
  return events.flatMap((event) => (event.kind === "bytes" ? [event.bytes] : []));
}

function formatHead({ version, status, reason, fields }: ResponseHead): string {
  const lines = [`${version} ${status} ${reason}`, ...fields.map(([name, value]) => `${name}: ${value}`), ""];
  return lines.map((line) => `  ${line}\n`).join("");
}

async function keep(self: Process, url: string, wish: WgetInvocation, body: Buffer): Promise<number> {
  const tell = async (text: string): Promise<void> => void (wish.isQuiet || (await self.writeStderr(text)));
  if (wish.onlyLooks) {
    await tell("remote file exists\n");
    return 0;
  }
  const path = wish.output ?? `${wish.folder}${chooseFileName(url)}`;
  const name = path.split("/").at(-1) ?? path;
  const shown = path === "-" ? "stdout" : `'${path}'`;
  await tell(path === "-" ? "writing to stdout\n" : `saving to ${shown}\n`);
  if (path === "-") await self.writeStdout(body);
  else await write(self, path, body, wish.output !== undefined);
  await tell(`${name.padEnd(20)} ${BAR}${String(body.length).padStart(6)}  0:00:00 ETA\n`);
  await tell(path === "-" ? "written to stdout\n" : `${shown} saved\n`);
  return 0;
}

function chooseFileName(url: string): string {
  return /^(?:\w+:\/\/)?[^/?]*\/(?:[^?]*\/)?([^/?]+)/.exec(url)?.[1] ?? "index.html";
}

async function write(self: Process, path: string, body: Buffer, overwrites: boolean): Promise<void> {
  const at = resolvePath(path, self.cwd);
  if (!overwrites && self.disk.peek(at) !== undefined) await fail(self, `can't open '${path}': File exists`);
  try {
    self.disk.write(at, body);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await fail(self, `can't open '${path}': ${error.message}`);
  }
}
