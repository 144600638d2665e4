/**
 * A few paths beside the Docker API, on the same socket. With them a test in any language can inspect and change the
 * replay or the mock that answers it (docs/cli.md, "Playback control").
 */
import { WhalesongError } from "../base/errors.ts";
import type { Call, Responder } from "./call.ts";

const ROOT = "/_whalesong";
/** In bytes; more than any command needs. */
const BODY_LIMIT = 1024 * 1024;

export interface ControlAnswer {
  readonly status: number;
  readonly reason: string;
  /** JSON. */
  readonly body: string;
}

/** @throws WhalesongError the client gets it with status 400 and its code */
export type ControlCommand = (call: Call) => ControlAnswer | Promise<ControlAnswer>;

/** The commands by method and path: `GET /_whalesong/state`. */
export type ControlCommands = ReadonlyMap<string, ControlCommand>;

/** Answers the control paths. Declines all others. */
export function createControlResponder(commands: ControlCommands): Responder {
  return (call) => isControl(call) && runCommand(call, commands);
}

/** Answers the control paths with 404, so that they never reach the daemon behind. */
export function createControlRefusal(why: string): Responder {
  return (call) => isControl(call) && writeAnswer(call, toNotFoundAnswer(why));
}

/** Answers every call with 404: behind the control paths of a listener that is for control alone. */
export function createRefusal(why: string): Responder {
  return (call) => writeAnswer(call, toNotFoundAnswer(why));
}

/** Joins two sets. A command that both have runs in both, and its answer is one object with the members of both. */
export function joinCommands(one: ControlCommands, other: ControlCommands): ControlCommands {
  const shared = [...one].flatMap(([name, first]): [string, ControlCommand][] => {
    const second = other.get(name);
    return second === undefined ? [] : [[name, async (call) => mergeAnswers(await first(call), await second(call))]];
  });
  return new Map([...one, ...other, ...shared]);
}

function mergeAnswers(one: ControlAnswer, other: ControlAnswer): ControlAnswer {
  return toJsonAnswer({ ...JSON.parse(one.body), ...JSON.parse(other.body) });
}

/** Whether the call is for the control API. */
export function isControl({ operation: { path } }: Call): boolean {
  return path.startsWith(ROOT) && (path.length === ROOT.length || path[ROOT.length] === "/");
}

async function runCommand(call: Call, commands: ControlCommands): Promise<boolean> {
  const command = commands.get(`${call.head.method} ${call.operation.path}`);
  if (command === undefined) return writeAnswer(call, toUnknownCommandAnswer(call, commands));
  try {
    return await writeAnswer(call, await command(call));
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    return writeAnswer(call, toErrorAnswer(400, "Bad Request", error.message, error.code));
  }
}

function toUnknownCommandAnswer(
  { head: { method }, operation: { path } }: Call,
  commands: ControlCommands,
): ControlAnswer {
  return toNotFoundAnswer(
    `there is no \`${method} ${path}\`; there is ${[...commands.keys()].map((name) => `\`${name}\``).join(", ")}`,
  );
}

/** The body's text, at most 1 MiB of it. */
export async function readControlText(call: Call): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of call.readBody()) {
    size += piece.length;
    if (size <= BODY_LIMIT) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** @param body JSON */
export function toOkAnswer(body: string): ControlAnswer {
  return { status: 200, reason: "OK", body };
}

export function toJsonAnswer(value: unknown): ControlAnswer {
  return toOkAnswer(`${JSON.stringify(value)}\n`);
}

export function toCreatedAnswer(value: unknown): ControlAnswer {
  return { ...toJsonAnswer(value), status: 201, reason: "Created" };
}

export function toNotFoundAnswer(message: string): ControlAnswer {
  return toErrorAnswer(404, "Not Found", message);
}

export function toErrorAnswer(status: number, reason: string, message: string, code?: string): ControlAnswer {
  return { status, reason, body: `${JSON.stringify({ message, code })}\n` };
}

async function writeAnswer(call: Call, { status, reason, body }: ControlAnswer): Promise<boolean> {
  if (!call.isBodyRead) await call.drainBody();
  const bytes = Buffer.from(body);
  const head = call.encodeHead(status, reason, [
    ["Content-Type", "application/json"],
    ["Content-Length", String(bytes.length)],
    ...(call.connectionFate === "close" ? [["Connection", "close"] as const] : []),
  ]);
  await call.connection.write(call.head.method === "HEAD" ? head : Buffer.concat([head, bytes]));
  return true;
}
