/**
 * One request, as mocking libraries know it, put to a daemon over a line in memory: written as HTTP/1.1, and the
 * answer read with our own codecs. So whoever asks this way is answered by the same engine, to the same byte, as
 * whoever connects to a socket.
 */
import { ByteQueue } from "../base/bytes.ts";
import { EnvironmentError } from "../base/errors.ts";
import type { Connection, Daemon } from "../session/connection.ts";
import { connectionPair } from "../session/pair.ts";
import { BodyDecoder, encodeChunk, encodeLastChunk, resolveResponseFraming } from "../wire/body.ts";
import {
  encodeRequestHead,
  findFieldValue,
  type HeaderField,
  parseResponseHead,
  type ResponseHead,
  takeHead,
} from "../wire/head.ts";

export interface MockedRequest {
  readonly method: string;
  /** Absolute, or the path with its query. */
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** Aborted where the client has left, as far as the library tells. */
  readonly signal?: AbortSignal | undefined;
}

export interface MockedResponse {
  readonly status: number;
  readonly reason: string;
  /** As on the wire; a body that ends with the connection there is given an end. */
  readonly fields: readonly HeaderField[];
  /** Undefined where HTTP knows none. Read as it is asked for; cancelling it hangs up. */
  readonly body: ReadableStream<Uint8Array> | undefined;
}

/**
 * @throws EnvironmentError `WHALESONG_HUNG_UP` where the connection ends without an answer, as it was recorded
 */
export async function sendInMemory(
  daemon: Daemon,
  question: MockedRequest,
  onProblem: (problem: unknown) => void,
): Promise<MockedResponse> {
  const [near, far] = connectionPair();
  daemon(far).catch(onProblem);
  question.signal?.addEventListener("abort", () => near.reset(), { once: true });
  const arrived = new ByteQueue();
  const head = await Promise.race([readFinalHead(near, arrived, question), failWhenSendingFails(near, question)]);
  const { status, reason, fields } = head;
  const framing = resolveResponseFraming(head, question.method);
  if (framing.kind === "none") {
    near.end();
    return { status, reason, fields, body: undefined };
  }
  const body = streamBody(near, arrived, new BodyDecoder(framing));
  return { status, reason, fields: framing.kind === "close" ? [...fields, CHUNKED] : fields, body };
}

/** Where a body ends with its connection, a library whose connection stays open would never end it. */
const CHUNKED: HeaderField = ["Transfer-Encoding", "chunked"];

/** Sends it; never settles, unless that fails. */
function failWhenSendingFails(near: Connection, question: MockedRequest): Promise<never> {
  return new Promise((_, reject) => {
    send(near, question).catch((problem: unknown) => {
      near.reset();
      reject(problem);
    });
  });
}

/** A library has taken the body out of the client's framing, and perhaps of its encoding: its length is not known. */
const FRAMING = /^(transfer-encoding|content-length|expect)$/i;

async function send(near: Connection, { method, url, headers, body }: MockedRequest): Promise<void> {
  const own = [...headers].filter(([name]) => !FRAMING.test(name));
  const host: HeaderField[] = findFieldValue(own, "Host") === undefined ? [["Host", "docker"]] : [];
  const framing = body === undefined ? [] : [CHUNKED];
  const fields = [...host, ...own, ...framing];
  await near.write(encodeRequestHead({ method, target: toTarget(url), version: "HTTP/1.1", fields }));
  if (body === undefined) return;
  for await (const piece of body) {
    if (near.isGone) return;
    if (piece.length > 0) await near.write(encodeChunk(Buffer.from(piece)));
  }
  await near.write(encodeLastChunk([]));
}

function toTarget(url: string): string {
  if (url.startsWith("/")) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** The head that answers, interim ones passed over. */
async function readFinalHead(
  near: Connection,
  arrived: ByteQueue,
  { method, url }: MockedRequest,
): Promise<ResponseHead> {
  for (;;) {
    const raw = takeHead(arrived);
    const head = raw === undefined ? undefined : parseResponseHead(raw);
    if (head !== undefined && (head.status >= 200 || head.status === 101)) return head;
    if (head !== undefined) continue;
    const bytes = await near.read();
    if (bytes === undefined) throw createHungUpError(`${method} ${toTarget(url)}`);
    arrived.push(bytes);
  }
}

function createHungUpError(request: string): EnvironmentError {
  const message = `${request} was not answered: the recording ends its connection here`;
  return new EnvironmentError("WHALESONG_HUNG_UP", message, { fields: { errno: "ECONNRESET" } });
}

function streamBody(near: Connection, arrived: ByteQueue, decoder: BodyDecoder): ReadableStream<Uint8Array> {
  const pieces = readBodyPieces(near, arrived, decoder);
  return new ReadableStream<Uint8Array>({
    // msw sends a head on with the first piece of the body, which may be long in coming: `docker events` waits for it.
    start: (controller) => controller.enqueue(new Uint8Array(0)),
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    cancel: () => near.reset(),
  });
}

async function* readBodyPieces(near: Connection, arrived: ByteQueue, decoder: BodyDecoder): AsyncGenerator<Buffer> {
  for (let bytes: Buffer | undefined = arrived.take(); ; bytes = await near.read()) {
    if (bytes === undefined && near.isBroken) throw new Error("the recording breaks this connection off here");
    const events = bytes === undefined ? decoder.end() : decoder.push(bytes);
    for (const event of events) if (event.kind === "bytes") yield event.bytes;
    if (decoder.isDone) return near.end();
  }
}
