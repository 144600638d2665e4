/** `nc`: a pipe to another host, or with `-l` a pipe for the connection that another host opens. */
import type { Connection } from "../../../session/connection.ts";
import { findProgramFor } from "../../process/find-program.ts";
import { type ByteSink, type ByteSource, createSink } from "../../process/pipe.ts";
import type { Process, Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";
import { createLookupError } from "../run-command.ts";
import { connectTo, endWith, fail, resolveAddress } from "./connect-to.ts";

export const nc: Program = async (self) => {
  // What is run for a connection is the rest of the line.
  const at = self.argv.indexOf("-e");
  const [own, run] = at === -1 ? [self.argv, []] : [self.argv.slice(0, at), self.argv.slice(at + 1)];
  const { flags, words } = readOptions(
    own.map((word) => (word === "-ll" ? "-lk" : word)),
    "lknuvzp:w:i:s:o:",
  );
  if (flags.has("l")) return listen(self, Number(flags.get("p") ?? words.at(-1) ?? 0), flags.has("k"), run);
  const [host = "", port = ""] = words;
  const address = await resolveAddress(self, host);
  if (flags.has("w")) await connectWithin(self, address, Number(port), Number(flags.get("w")));
  const connection = await connectTo(self, address, Number(port));
  if (flags.has("v")) await self.writeStderr(`${host} (${host}:${port}) open\n`);
  return flags.has("z") ? 0 : talk(self, connection, run);
};

/** With `-w N`, an unreachable host times out after N seconds. */
async function connectWithin(self: Process, address: string, port: number, seconds: number): Promise<void> {
  const { host } = self.table;
  if (host.hasAddress(address)) return;
  await self.sleep(seconds * 1000);
  if (host.connect(address, port) === "unreachable") await fail(self, "timed out");
}

/** Serves one connection; with `-k`, or `-ll`, all of them, one after the other. */
async function listen(self: Process, port: number, isForAll: boolean, run: readonly string[]): Promise<number> {
  const listener = self.table.host.listeners.listen(port);
  if (listener === undefined) return fail(self, "bind: Address already in use");
  try {
    do {
      const connection = await self.waitUntil(listener.accept());
      if (!isForAll) listener.close();
      await talk(self, endWith(self, connection), run);
    } while (isForAll);
    return 0;
  } finally {
    listener.close();
  }
}

/** Until the other one has said all; with a program, until that is over. */
async function talk(self: Process, connection: Connection, run: readonly string[]): Promise<number> {
  if (run.length > 0) return runFor(self, connection, run);
  void say(self, connection);
  for (let bytes = await hear(self, connection); bytes !== undefined; bytes = await hear(self, connection)) {
    await self.writeStdout(bytes);
  }
  connection.end();
  return 0;
}

function hear(self: Process, connection: Connection): Promise<Buffer | undefined> {
  return self.waitUntil(connection.read());
}

/** Ends with the process, wherever it is. */
async function say(self: Process, connection: Connection): Promise<void> {
  try {
    for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) await connection.write(bytes);
    connection.end();
  } catch (error) {
    if (!self.isKnownEnd(error)) throw error;
  }
}

async function runFor(self: Process, connection: Connection, argv: readonly string[]): Promise<number> {
  const program = findProgramFor(self, argv);
  if (typeof program !== "function") {
    const { message, status } = createLookupError(argv, program);
    return fail(self, message, status);
  }
  const stdout = openConnectionSink(connection);
  const status = await self.waitUntil(
    self.spawn(program, argv, { stdin: openConnectionSource(connection), stdout, stderr: stdout }).exited,
  );
  connection.end();
  return status;
}

function openConnectionSource(connection: Connection): ByteSource {
  const unread: Buffer[] = [];
  return {
    read: async () => unread.shift() ?? connection.read(),
    putBack: (bytes) => void unread.unshift(bytes),
    abandon: () => undefined,
  };
}

function openConnectionSink(connection: Connection): ByteSink {
  return createSink((bytes) => connection.write(bytes));
}
