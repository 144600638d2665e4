/**
 * Clients made of a cassette's documents of BuildKit. A build makes the recorded calls, each when all that stands before
 * it has come, and serves the recorded files on its sessions. Its ids are those that the replay makes of the
 * placeholders, so that it receives the same bytes in every replay.
 */
import { joinBytes } from "../../src/base/bytes.ts";
import type { ReadSidecar } from "../../src/cassette/sidecar-ref.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { LLB_RETURN, LLB_SOLVE, STATUS } from "../../src/replay/build/build-methods.ts";
import type {
  BuilderRead,
  BuildGroup,
  BuildScript,
  ClientCall,
  DaemonAnswer,
} from "../../src/replay/build/build-script.ts";
import { loadBytes } from "../../src/replay/build/call-slot.ts";
import { openBuilds } from "../../src/replay/build/script/open-builds.ts";
import type { Connection } from "../../src/session/connection.ts";
import type { GrpcClient, GrpcClientCall } from "../../src/session/grpc/grpc-client.ts";
import type { GrpcStatus } from "../../src/wire/grpc/status.ts";
import { findFieldValue } from "../../src/wire/http/fields.ts";
import type { ProtobufMessage } from "../../src/wire/protobuf/protobuf-value.ts";
import { BuildClient, type ClientFile, call as startCall } from "../replay/build/build-client.ts";
import { ClientOutput } from "./client-output.ts";
import type { ReplayTarget } from "./replay-targets.ts";

/** Plays one document. */
export interface DocumentClient {
  readonly output: ClientOutput;
  /** It has ended, or waits for another document. */
  readonly isAtRest: boolean;
  readonly isDone: boolean;
  play(): Promise<void>;
  /** Throws where something came before it may. */
  expectNotEarly(): void;
}

/** The documents of BuildKit in one cassette. */
export class BuilderClients {
  readonly #script: BuildScript;
  readonly #client: BuildClient;
  #control: Promise<GrpcClient> | undefined;

  constructor(cassette: string, target: ReplayTarget) {
    this.#script = readScript(cassette);
    this.#client = new BuildClient(async (far) => {
      const near = await target.dial();
      await Promise.all([pump(far, near), pump(near, far)]);
    });
  }

  /** @param onDone called when the client is done */
  createClient(index: number, onDone: () => void): DocumentClient {
    const { groups, reads } = this.#script;
    const group = groups.find((one) => one.index === index);
    const read = reads.find((one) => one.index === index);
    const play = async (): Promise<Buffer> => {
      this.#control ??= this.#client.connect();
      const control = await this.#control;
      if (group !== undefined) return playBuild(group, control, this.#client);
      const { method, request } = read as BuilderRead;
      return new ReceivedCall(startCall(control, method, request as ProtobufMessage), method).output;
    };
    return new BuilderDocumentClient(play, onDone);
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    (await this.#control)?.destroy();
    for (const connection of this.#client.connections) connection.reset();
  }
}

class BuilderDocumentClient implements DocumentClient {
  readonly output = new ClientOutput();
  isDone = false;
  readonly #play: () => Promise<Buffer>;
  readonly #onDone: () => void;

  constructor(play: () => Promise<Buffer>, onDone: () => void) {
    this.#play = play;
    this.#onDone = onDone;
  }

  get isAtRest(): boolean {
    return this.isDone;
  }

  async play(): Promise<void> {
    this.output.push(await this.#play());
    this.isDone = true;
    this.#onDone();
  }

  /** Nothing of a build waits for other documents. */
  expectNotEarly(): void {}
}

/** What a client receives of a document by the cassette: of each call its name, its messages, and how it ended. */
export async function expectBuilderOutput(cassette: string, index: number): Promise<Buffer> {
  const { groups, reads } = readScript(cassette);
  const group = groups.find((one) => one.index === index);
  if (group === undefined) {
    const read = reads.find((one) => one.index === index) as BuilderRead;
    return expectAnswers(read.method, read.answers);
  }
  const answers = new Map<ClientCall, DaemonAnswer[]>();
  for (const item of group.items) {
    if (item.kind === "call") answers.set(item.call, []);
    if (item.kind === "answer") answers.get(item.call)?.push(item.answer);
  }
  return Buffer.concat(await Promise.all([...answers].map(([{ method }, all]) => expectAnswers(method, all))));
}

async function expectAnswers(method: string, answers: readonly DaemonAnswer[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  let status: GrpcStatus = { code: 0, message: "" };
  for (const answer of answers) {
    if (answer.kind === "message") parts.push(await loadBytes(answer.bytes));
    if (answer.kind === "status") status = answer.status;
  }
  return describeOutput(method, parts, status);
}

async function playBuild({ items }: BuildGroup, control: GrpcClient, client: BuildClient): Promise<Buffer> {
  await openSessions(items, client);
  const running = new Map<ClientCall, ReceivedCall>();
  for (const item of items) {
    if (item.kind === "call") running.set(item.call, makeCall(item.call, control, running));
    if (item.kind === "answer") await running.get(item.call)?.receive(item.answer);
  }
  return Buffer.concat(await Promise.all([...running.values()].map(({ output }) => output)));
}

/** Return sends back what the frontend has answered. */
function makeCall(call: ClientCall, control: GrpcClient, running: ReadonlyMap<ClientCall, ReceivedCall>): ReceivedCall {
  const { method, build, request } = call;
  if (method !== LLB_RETURN) {
    const message = method === STATUS ? { Ref: build } : (request as ProtobufMessage);
    return new ReceivedCall(startCall(control, method, message, build), method);
  }
  const [, answered] = [...running].find(([one]) => one.method === LLB_SOLVE && one.build === build) ?? [];
  const made = control.call(method, [["buildkit-controlapi-buildid", build]]);
  made.send(answered?.last ?? Buffer.alloc(0));
  made.halfClose();
  return new ReceivedCall(made, method);
}

/** A call under way, and what has come of it. */
class ReceivedCall {
  readonly #call: GrpcClientCall;
  readonly #method: string;
  readonly #messages: AsyncIterator<Buffer>;
  readonly #received: Buffer[] = [];
  #output: Promise<Buffer> | undefined;

  constructor(call: GrpcClientCall, method: string) {
    this.#call = call;
    this.#method = method;
    this.#messages = call.messages[Symbol.asyncIterator]();
  }

  get last(): Buffer | undefined {
    return this.#received.at(-1);
  }

  /** All of it, at its end. */
  get output(): Promise<Buffer> {
    this.#output ??= this.#finish();
    return this.#output;
  }

  /** Waits for what stands in the recording. */
  async receive({ kind }: DaemonAnswer): Promise<void> {
    if (kind === "message") await this.#next();
    if (kind === "status") await this.output;
  }

  async #finish(): Promise<Buffer> {
    while (await this.#next());
    return describeOutput(this.#method, this.#received, await this.#call.status);
  }

  async #next(): Promise<boolean> {
    const { value, done } = await this.#messages.next();
    if (done !== true) this.#received.push(value);
    return done !== true;
  }
}

function describeOutput(method: string, messages: readonly Buffer[], { code, message, details }: GrpcStatus): Buffer {
  const end = `${code} ${message} ${details?.toString("base64") ?? ""}\n`;
  return Buffer.concat([Buffer.from(`${method}\n`), ...messages, Buffer.from(end)]);
}

async function openSessions(items: BuildGroup["items"], client: BuildClient): Promise<void> {
  const sessions = new Map<string, Record<string, ClientFile[]>>();
  for (const item of items) {
    if (item.kind !== "transfer" || item.transfer.content.kind !== "take-files") continue;
    const { session, metadata, content } = item.transfer;
    const files = sessions.get(session) ?? {};
    const folder = findFieldValue(metadata, "dir-name") ?? "";
    for (const { stat, content: bytes } of await content.loadFiles()) {
      const text = bytes === undefined ? "" : (await joinBytes(bytes.read())).toString("utf8");
      const known = files[folder] ?? [];
      files[folder] = [...known, { ...stat, content: text }];
    }
    sessions.set(session, files);
  }
  for (const [session, files] of sessions) await client.openSession(session, { files });
}

function readScript(cassette: string): BuildScript {
  const read: ReadSidecar = (ref, reading) => openSidecar(cassette, ref).pieces(reading);
  return openBuilds(readCassette(cassette), { read }).script;
}

async function pump(from: Connection, to: Connection): Promise<void> {
  for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) await to.write(bytes);
  to.end();
}
