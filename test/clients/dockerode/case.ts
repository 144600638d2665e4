/** What a case is, and what cases are written with. Each leaves the daemon as it found it. */
import { createHash } from "node:crypto";
import { type Duplex, Readable } from "node:stream";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";

/** Uses dockerode, and returns what it saw. */
export type Case = (docker: Docker) => Promise<unknown>;
export type Cases = Readonly<Record<string, Case>>;

/** Where the private daemon's registry is, as that daemon has it. */
export const REGISTRY = "127.0.0.1:5000";

/** An image with next to nothing in it: `note.txt`. */
export const NOTE = "note:latest";

export type CreateOptions = Partial<Docker.ContainerCreateOptions>;

/** Calls a method that @types/dockerode does not tell of, or tells otherwise. */
export function call(thing: object, method: string, ...parameters: unknown[]): Promise<never> {
  return (thing as Record<string, (...parameters: unknown[]) => Promise<never>>)[method]?.(
    ...parameters,
  ) as Promise<never>;
}

/** With a container that is removed afterwards. */
export async function withContainer<T>(
  docker: Docker,
  options: CreateOptions,
  work: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer({ Image: "busybox", ...options });
  try {
    return await work(container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** With one that runs, and would for ten minutes. */
export function withRunning<T>(
  docker: Docker,
  name: string,
  work: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  return withContainer(docker, { name, Hostname: name, Cmd: ["sleep", "600"] }, async (container) => {
    await container.start();
    return work(container);
  });
}

/** What the daemon said against it. */
export async function catchRefusal(promise: Promise<unknown>): Promise<string> {
  try {
    return `went well: ${JSON.stringify(await promise)}`;
  } catch (error) {
    const { statusCode = "", message } = error as { statusCode?: number; message: string };
    return `${statusCode} ${message}`;
  }
}

/** Reads a stream to its end. dockerode's duplexes end for their listeners, but not for iterators. */
export function readStream(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => pieces.push(Buffer.from(piece)));
    stream.on("end", () => resolve(Buffer.concat(pieces).toString())).on("error", reject);
  });
}

/** What a stream of frames says on stdout and on stderr. */
export async function readFrames(stream: NodeJS.ReadableStream): Promise<{ out: string; err: string }> {
  const said = { out: "", err: "" };
  let rest: Buffer = Buffer.alloc(0);
  await new Promise<void>((resolve, reject) => {
    stream.on("end", resolve).on("error", reject);
    stream.on("data", (piece: Buffer) => {
      rest = Buffer.concat([rest, piece]);
      while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
        const end = 8 + rest.readUInt32BE(4);
        said[rest[0] === 2 ? "err" : "out"] += rest.toString("utf8", 8, end);
        rest = rest.subarray(end);
      }
    });
  });
  return said;
}

/** Says something into a hijacked stream, and ends it; what is heard is told by `hear`. */
export function readText<T>(stream: Duplex, words: string, hear: (stream: Duplex) => Promise<T>): Promise<T> {
  const heard = hear(stream);
  stream.end(words);
  return heard;
}

/** The messages of a pull, a push or a build. */
export function readProgress(docker: Docker, stream: NodeJS.ReadableStream): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error, messages) => (error === null ? resolve(messages) : reject(error)));
  });
}

/** The first piece of a stream that would go on; then the client leaves. */
export async function readFirst(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const piece of stream) return String(piece);
  return "";
}

export async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Readable> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mtime: new Date(0) }, content);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Readable.from([Buffer.concat(pieces)]);
}

/** Names, sizes and digests of what is in a tar. */
export async function listNames(tar: NodeJS.ReadableStream): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of tar.pipe(extract()) as unknown as AsyncIterable<
    Readable & { header: { name: string; size?: number } }
  >) {
    const hash = createHash("sha256");
    for await (const piece of entry) hash.update(piece as Buffer);
    entries.push(`${entry.header.name} ${entry.header.size} ${hash.digest("hex").slice(0, 12)}`);
  }
  return entries;
}
