import type { Process } from "../../../../userland/process/process.ts";
import { conflict, systemError } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { type ShapeChange, shapeFor } from "../../../model/shapes.ts";
import type { Run } from "../../../runtime/container-runtime.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerTop: Endpoint = {
  operation: "ContainerTop",
  answer: ({ api, name, query }, engine) => {
    const container = engine.containers.find(name);
    const { run } = runtimeOf(engine, container);
    if (run === undefined) throw conflict(`Container ${container.id} is not running`);
    const columns = columnsOf(query.text("ps_args") || (api.isBygone ? "aux" : "-ef"));
    const Processes = run.table.running.map((process) => columns.map(([, tell]) => tell(process, run)));
    emitContainerEvent(engine, container, "top");
    return json(shapeFor(api, { Processes, Titles: columns.map(([title]) => title) }, CHANGES));
  },
};

/** A command's words were columns of their own, as the document of 1.9 shows. */
const CHANGES: readonly ShapeChange[] = [
  {
    since: "1.12",
    before: ({ Titles, Processes }) => ({
      Titles,
      Processes: Processes.map((columns: string[]) => columns.join(" ").split(" ")),
    }),
  },
];

type Column = readonly [title: string, tell: (process: Process, run: Run) => string];

const pid = ({ pid: number }: Process, { hostPid }: Run): string => String(hostPid + number - 1);
const parent = ({ parent: by }: Process, { hostPid }: Run): string =>
  String(by === undefined ? hostPid - 21 : hostPid + by.pid - 1);
const user = (process: Process): string => process.user.name;
const command = ({ argv }: Process): string => argv.join(" ");
const terminal = (process: Process): string => (process.terminal === undefined ? "?" : "pts/0");
const begun = ({ startedAt }: Process): string => new Date(Number(startedAt / 1_000_000n)).toISOString().slice(11, 16);
const always = (text: string) => (): string => text;

const FULL: readonly Column[] = [
  ["UID", user],
  ["PID", pid],
  ["PPID", parent],
  ["C", always("0")],
  ["STIME", begun],
  ["TTY", terminal],
  ["TIME", always("00:00:00")],
  ["CMD", command],
];
const BSD: readonly Column[] = [
  ["USER", user],
  ["PID", pid],
  ["%CPU", always("0.0")],
  ["%MEM", always("0.0")],
  ["VSZ", always("2268")],
  ["RSS", always("1380")],
  ["TTY", terminal],
  ["STAT", always("Ss")],
  ["START", begun],
  ["TIME", always("0:00")],
  ["COMMAND", command],
];
/** Those of `ps -o`, by the name that is asked for. */
const NAMED: ReadonlyMap<string, Column> = new Map<string, Column>([
  ["pid", ["PID", pid]],
  ["ppid", ["PPID", parent]],
  ["user", ["USER", user]],
  ["uid", ["UID", (process) => String(process.user.uid)]],
  ["comm", ["COMMAND", ({ argv }) => (argv[0] ?? "").split("/").at(-1) ?? ""]],
  ["cmd", ["CMD", command]],
  ["args", ["COMMAND", command]],
  ["command", ["COMMAND", command]],
  ["tty", ["TT", terminal]],
  ["stat", ["STAT", always("Ss")]],
  ["time", ["TIME", always("00:00:00")]],
  ["etime", ["ELAPSED", always("00:00")]],
  ["rss", ["RSS", always("1380")]],
  ["vsz", ["VSZ", always("2268")]],
  ["%cpu", ["%CPU", always("0.0")]],
  ["%mem", ["%MEM", always("0.0")]],
]);

function columnsOf(words: string): readonly Column[] {
  const chosen = /(?:^|\s)-?e?o\s*(\S+)/.exec(words)?.[1];
  if (chosen === undefined) {
    if (/^-?(?=.*u)[aux]+w*$/.test(words)) return BSD;
    if (/^-[efFlA]+$/.test(words)) return FULL;
    throw systemError("ps: error: unsupported option (BSD syntax)");
  }
  const columns = chosen.split(",").map((name) => NAMED.get(name.toLowerCase().split("=")[0] as string));
  if (columns.includes(undefined)) throw systemError("ps: error: unknown user-defined format specifier");
  if (!columns.some((column) => column?.[0] === "PID")) throw systemError("Couldn't find PID field in ps output");
  return columns as Column[];
}
