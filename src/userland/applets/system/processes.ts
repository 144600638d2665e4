/** Commands that tell of the container's processes. */
import { findGroupName } from "../../files/accounts.ts";
import { toBaseName } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";

interface Column {
  readonly header: string;
  readonly width: number;
  readonly isNumber?: boolean;
  describe(process: Process, self: Process): string | number;
}

/** Those of busybox whose values are known here. */
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { header: "USER", width: 8, describe: ({ user }) => user.name },
  group: { header: "GROUP", width: 8, describe: describeGroup },
  comm: { header: "COMMAND", width: 16, describe: ({ argv }) => toBaseName(argv[0] ?? "") },
  args: { header: "COMMAND", width: 0, describe: ({ argv }) => argv.join(" ") },
  pid: { header: "PID", width: 5, isNumber: true, describe: ({ pid }) => pid },
  ppid: { header: "PPID", width: 5, isNumber: true, describe: ({ parent }) => parent?.pid ?? 0 },
  pgid: { header: "PGID", width: 5, isNumber: true, describe: ({ pid }) => pid },
  ruser: { header: "RUSER", width: 8, describe: ({ user }) => user.name },
  rgroup: { header: "RGROUP", width: 8, describe: describeGroup },
  time: { header: "TIME", width: 5, describe: () => " 0:00" },
  tty: { header: "TT", width: 6, describe: ({ terminal }) => (terminal === undefined ? "?" : "136,0") },
  stat: { header: "STAT", width: 4, describe: () => "S" },
};
const USUAL = ["pid", "user", "time", "args"];

/** `-o` chooses columns. The options of other systems (`-ef`) change nothing in busybox, either. */
export const ps: Program = async (self) => {
  const { all } = readOptions(self.argv, "o:TaAdefl");
  const chosen = all.flatMap(([letter, value]) => (letter === "o" ? value.split(",") : []));
  const columns = (chosen.length === 0 ? USUAL : chosen).map(findColumn);
  const rows = [
    columns.map(({ header, width }) => header.padEnd(width)),
    ...self.table.running.map((process) =>
      columns.map((column) => {
        const text = String(column.describe(process, self)).slice(0, column.width === 0 ? undefined : column.width);
        return column.isNumber === true ? text.padStart(column.width) : text.padEnd(column.width);
      }),
    ),
  ];
  await self.writeStdout(rows.map((cells) => `${cells.join(" ").trimEnd()}\n`).join(""));
  return 0;
};

/** `pid`, `user=NAME`. @throws AppletError */
function findColumn(text: string): Column {
  const [name = "", header] = text.split("=");
  const column = COLUMNS[name];
  if (column === undefined) {
    const supported = Object.keys(COLUMNS).join(",");
    throw new AppletError(`bad -o argument '${name}', supported arguments: ${supported}`);
  }
  return header === undefined ? column : { ...column, header, width: header.length };
}

function describeGroup({ user }: Process, self: Process): string {
  return findGroupName(self.disk, user.gid) ?? String(user.gid);
}

export const pidof: Program = async (self) => {
  const { words } = readOptions(self.argv, "");
  const pids = self.table.running.flatMap(({ pid, argv }) => (words.includes(toBaseName(argv[0] ?? "")) ? [pid] : []));
  if (pids.length > 0) await self.writeStdout(`${pids.reverse().join(" ")}\n`);
  return pids.length > 0 ? 0 : 1;
};
