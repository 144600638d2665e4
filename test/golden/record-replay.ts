/** Records a replay: what passes between the cassette's client and a replay becomes a cassette once more. */
import type { Connection } from "../../src/session/connection.ts";
import { type CapturedPiece, recordPieces } from "../record/builds/record-capture.ts";
import { playCassette } from "./cassette-client.ts";
import type { ReplayTarget } from "./replay-targets.ts";

/** The text of the new cassette. */
export async function recordReplay(cassette: string, target: ReplayTarget): Promise<string> {
  const pieces: CapturedPiece[] = [];
  let count = 0;
  const dial = async (): Promise<Connection> => tap(await target.dial(), count++, pieces);
  await playCassette(cassette, { ...target, dial });
  await target.report();
  return (await recordPieces(pieces)).text;
}

function tap(connection: Connection, number: number, pieces: CapturedPiece[]): Connection {
  const note = (side: CapturedPiece["side"], bytes: Buffer | undefined): void => {
    pieces.push({
      connection: number,
      at: pieces.length,
      side,
      bytes: bytes === undefined ? undefined : Buffer.from(bytes),
    });
  };
  return {
    read: async () => {
      const bytes = await connection.read();
      note("daemon", bytes);
      return bytes;
    },
    write: (bytes) => {
      note("client", bytes);
      return connection.write(bytes);
    },
    end: () => {
      note("client", undefined);
      return connection.end();
    },
    reset: () => connection.reset(),
    get closed() {
      return connection.closed;
    },
    get isGone() {
      return connection.isGone;
    },
    get isBroken() {
      return connection.isBroken;
    },
  };
}

/**
 * The documents of BuildKit, each as a sorted list of its lines without pauses and comments: without the daemon's work
 * between them, what passes on two connections at once may pass in either order.
 */
export function listBuilderDocuments(text: string): readonly (readonly string[])[] {
  return text
    .split(/^---\n/m)
    .filter((document) => /^request:(?:\n {2}line:)? GRPC /m.test(document))
    .map(toComparableLines);
}

function toComparableLines(document: string): readonly string[] {
  return document
    .split("\n")
    .filter((line) => !/^ *(?:#|- wait: |- secret: )/.test(line))
    .map((line) => line.replace(/path: [^/]+\//, "path: "))
    .sort();
}
