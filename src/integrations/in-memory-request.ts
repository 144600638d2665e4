/**
 * Sends one request of a mocking library to a daemon over a connection in memory: it is written as HTTP/1.1, and the
 * response is read with whalesong's own codecs. So it gets the same response, to the byte, as a client on a socket.
 */
import { ByteQueue } from "../base/bytes.ts";
import { EnvironmentError } from "../base/errors.ts";
import type { Connection, Daemon } from "../session/connection.ts";
import { connectionPair } from "../session/pair.ts";
import { BodyDecoder, encodeChunk, encodeLastChunk, resolveResponseFraming } from "../wire/http/body.ts";
import {
  encodeRequestHead,
  findFieldValue,
  type HeaderField,
  parseResponseHead,
  type ResponseHead,
  takeHead,
} from "../wire/http/head.ts";

export interface MockedRequest {
  readonly method: string;
  /** Absolute, or the path with its query. */
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** Aborted when the client leaves, if the library reports it. */
  readonly signal?: AbortSignal | undefined;
}

export interface MockedResponse {
  readonly status: number;
  readonly reason: string;
  /** As on the wire, except that a body which ends with the connection becomes chunked. */
  readonly fields: readonly HeaderField[];
  /** Undefined if the response has none (HEAD, 204, 304). Read on demand; cancelling it closes the connection. */
  readonly body: ReadableStream<Uint8Array> | undefined;
}

/**
 * @throws EnvironmentError `WHALESONG_HUNG_UP` if the recording ends the connection without a response
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

/** A library keeps its connection open, so a body that ends with the connection would never end. */
const CHUNKED: HeaderField = ["Transfer-Encoding", "chunked"];

/** Sends the request. Never settles, unless sending fails. */
function failWhenSendingFails(near: Connection, question: MockedRequest): Promise<never> {
  return new Promise((_, reject) => {
    send(near, question).catch((problem: unknown) => {
      near.reset();
      reject(problem);
    });
  });
}

/** A library removes the client's framing, and perhaps its encoding, so the length of the body is unknown. */
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

/** The head of the final response; interim responses are skipped. */
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
  const message = `${request} gets no response: the recording ends its connection here`;
  return new EnvironmentError("WHALESONG_HUNG_UP", message, { fields: { errno: "ECONNRESET" } });
}

function streamBody(near: Connection, arrived: ByteQueue, decoder: BodyDecoder): ReadableStream<Uint8Array> {
  const pieces = readBodyPieces(near, arrived, decoder);
  return new ReadableStream<Uint8Array>({
    // msw passes a head on together with the first piece of the body, which may come late: `docker events` waits for it.
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
    if (bytes === undefined && near.isBroken) throw new Error("the recording breaks off this connection here");
    const events = bytes === undefined ? decoder.end() : decoder.push(bytes);
    for (const event of events) if (event.kind === "bytes") yield event.bytes;
    if (decoder.isDone) return near.end();
  }
}
