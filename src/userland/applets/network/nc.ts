/** `nc`: a pipe to another host, or for whoever comes from there. */
import type { Connection } from "../../../session/connection.ts";
import { findProgramFor } from "../../process/find-program.ts";
import { type Sink, type Source, sinkTo } from "../../process/pipe.ts";
import type { Process, Program } from "../../process/process.ts";
import { optionsOf } from "../options.ts";
import { addressOf, connectTo, endingWith, fail } from "./talk.ts";

export const nc: Program = async (self) => {
  // What is run for a connection is the rest of the line.
  const at = self.argv.indexOf("-e");
  const [own, run] = at === -1 ? [self.argv, []] : [self.argv.slice(0, at), self.argv.slice(at + 1)];
  const { given, words } = optionsOf(
    own.map((word) => (word === "-ll" ? "-lk" : word)),
    "pwis",
  );
  if (given.has("l")) return listen(self, Number(given.get("p") ?? words.at(-1) ?? 0), given.has("k"), run);
  const [host = "", port = ""] = words;
  const address = await addressOf(self, host);
  if (given.has("w")) await reachable(self, address, Number(port), Number(given.get("w")));
  const connection = await connectTo(self, address, Number(port));
  if (given.has("v")) await self.complain(`${host} (${host}:${port}) open\n`);
  return given.has("z") ? 0 : talk(self, connection, run);
};

/** Who is to wait no longer than so many seconds, waits for somebody who is not there. */
async function reachable(self: Process, address: string, port: number, seconds: number): Promise<void> {
  const { host } = self.table;
  if (host.isThere(address)) return;
  await self.sleep(seconds * 1000);
  if (host.connect(address, port) === "unreachable") await fail(self, "timed out");
}

/** To one who comes; with `-k`, or `-ll`, to all, one after the other. */
async function listen(self: Process, port: number, isForAll: boolean, run: readonly string[]): Promise<number> {
  const listener = self.table.host.listeners.listen(port);
  if (listener === undefined) return fail(self, "bind: Address already in use");
  try {
    do {
      const connection = await self.until(listener.accept());
      if (!isForAll) listener.close();
      await talk(self, endingWith(self, connection), run);
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
    await self.print(bytes);
  }
  connection.end();
  return 0;
}

function hear(self: Process, connection: Connection): Promise<Buffer | undefined> {
  return self.until(connection.read());
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
  if (typeof program !== "function") return fail(self, `can't execute '${argv[0]}': No such file or directory`, 127);
  const stdout = sinkOf(connection);
  const status = await self.until(
    self.spawn(program, argv, { stdin: sourceOf(connection), stdout, stderr: stdout }).exited,
  );
  connection.end();
  return status;
}

function sourceOf(connection: Connection): Source {
  const unread: Buffer[] = [];
  return {
    read: async () => unread.shift() ?? connection.read(),
    unread: (bytes) => void unread.unshift(bytes),
    abandon: () => undefined,
  };
}

function sinkOf(connection: Connection): Sink {
  return sinkTo((bytes) => connection.write(bytes));
}
