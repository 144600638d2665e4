/** A client that speaks HTTP by hand: what is said and when, and every byte that is heard, are the test's. */
import { connect } from "node:net";

export interface Line {
  say(bytes: string | Buffer): void;
  /** Closes our half. */
  end(): void;
  /** Leaves without a word. */
  leave(): void;
  readonly heard: Buffer;
  /** Resolves when `text` has been heard; rejects if the peer ends before. */
  hears(text: string | Buffer): Promise<Buffer>;
  /** How the peer ended, once it has. */
  readonly ending: Promise<"eof" | "reset">;
}

export function dial(path: string): Promise<Line> {
  const socket = connect({ path, allowHalfOpen: true });
  let heard: Buffer = Buffer.alloc(0);
  let waiting: (() => void)[] = [];
  const look = (): void => {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  };
  let isOver = false;
  const ending = new Promise<"eof" | "reset">((resolve) => {
    const over = (how: "eof" | "reset"): void => {
      isOver = true;
      resolve(how);
      look();
    };
    socket.on("end", () => over("eof")).on("close", () => over("reset"));
    socket.on("error", () => over("reset"));
  });
  socket.on("data", (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    look();
  });
  const hears = async (text: string | Buffer): Promise<Buffer> => {
    while (!heard.includes(text)) {
      if (isOver)
        throw new Error(
          `the peer ended before it said ${JSON.stringify(text.toString())}; it said ${JSON.stringify(heard.toString())}`,
        );
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return heard;
  };
  const line: Line = {
    say: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    leave: () => void socket.destroy(),
    get heard() {
      return heard;
    },
    hears,
    ending,
  };
  return new Promise((resolve, reject) => socket.once("connect", () => resolve(line)).once("error", reject));
}

/** A request's head; lines are given as they are to stand there. */
export function head(start: string, ...fields: readonly string[]): string {
  return `${[`${start} HTTP/1.1`, "Host: docker", ...fields].join("\r\n")}\r\n\r\n`;
}

/** Asks once, on a line of its own, and hears all of the answer. */
export async function ask(path: string, start: string, body = ""): Promise<string> {
  const line = await dial(path);
  const about = body === "" ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`];
  line.say(head(start, "Connection: close", ...about) + body);
  await line.ending;
  line.leave();
  return line.heard.toString("latin1");
}
