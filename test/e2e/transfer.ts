/** Moving large bodies over a socket, with a digest on the way. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

export interface Transfer {
  readonly size: number;
  readonly sha256: string;
}

/** Downloads it all. `whenBegun` is called with the answer before its body is read. */
export async function download(
  socketPath: string,
  path: string,
  whenBegun?: (answer: IncomingMessage) => Promise<void>,
): Promise<Transfer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, path, agent: false }, resolve).on("error", reject).end();
  });
  await whenBegun?.(answer);
  return digestOf(answer);
}

/** Uploads a file; returns the status. */
export async function upload(socketPath: string, path: string, file: string): Promise<number | undefined> {
  const headers = { "Content-Type": "application/x-tar", "Transfer-Encoding": "chunked" };
  const asking = request({ method: "PUT", socketPath, path, headers, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    asking.on("response", resolve).on("error", reject),
  );
  await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), asking);
  const answer = await answered;
  answer.resume();
  return answer.statusCode;
}

export function digestOfFile(path: string): Promise<Transfer> {
  return digestOf(createReadStream(path, { highWaterMark: 1024 * 1024 }));
}

async function digestOf(bytes: AsyncIterable<Buffer>): Promise<Transfer> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of bytes) {
    hash.update(piece);
    size += piece.length;
  }
  return { size, sha256: hash.digest("hex") };
}

/** What has been written beside a cassette so far, in bytes. */
export function sizeBeside(cassette: string): number {
  return filesBeside(cassette).reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

export function filesBeside(cassette: string): string[] {
  const folder = cassette.replace(/\.yaml$/, "");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** The memory that a process has now, in MB. */
export function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
