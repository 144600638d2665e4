import type { Process } from "../../../../userland/process/process.ts";
import { conflictError, systemError } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { ContainerRun } from "../../../runtime/container-runtime.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerTop: Endpoint = {
  operation: "ContainerTop",
  respond: (request, engine) => {
    const { api, name, query } = request;
    const container = engine.containers.find(name);
    const { run } = getRuntime(engine, container);
    if (run === undefined) throw conflictError(`Container ${container.id} is not running`);
    const columns = parseColumns(query.get("ps_args") || (api.isLegacy ? "aux" : "-ef"));
    const Processes = run.table.running.map((process) => columns.map(([, format]) => format(process, run)));
    emitContainerEvent(engine, container, "top");
    return jsonResponse(downgradeTo(request, { Processes, Titles: columns.map(([title]) => title) }, DOWNGRADES));
  },
};

/** The document of 1.9 splits a command into a column for each word. */
const DOWNGRADES: readonly ResponseDowngrade[] = [
  {
    since: "1.12",
    downgrade: ({ Titles, Processes }) => ({
      Titles,
      Processes: Processes.map((columns: string[]) => columns.join(" ").split(" ")),
    }),
  },
];

type Column = readonly [title: string, format: (process: Process, run: ContainerRun) => string];

const formatPid = ({ pid: number }: Process, { hostPid }: ContainerRun): string => String(hostPid + number - 1);
const formatParentPid = ({ parent: by }: Process, { hostPid }: ContainerRun): string =>
  String(by === undefined ? hostPid - 21 : hostPid + by.pid - 1);
const formatUser = (process: Process): string => process.user.name;
const formatCommand = ({ argv }: Process): string => argv.join(" ");
const formatTerminal = (process: Process): string => (process.terminal === undefined ? "?" : "pts/0");
const formatStartTime = ({ startedAt }: Process): string =>
  new Date(Number(startedAt / 1_000_000n)).toISOString().slice(11, 16);
const printAlways = (text: string) => (): string => text;

const FULL: readonly Column[] = [
  ["UID", formatUser],
  ["PID", formatPid],
  ["PPID", formatParentPid],
  ["C", printAlways("0")],
  ["STIME", formatStartTime],
  ["TTY", formatTerminal],
  ["TIME", printAlways("00:00:00")],
  ["CMD", formatCommand],
];
const BSD: readonly Column[] = [
  ["USER", formatUser],
  ["PID", formatPid],
  ["%CPU", printAlways("0.0")],
  ["%MEM", printAlways("0.0")],
  ["VSZ", printAlways("2268")],
  ["RSS", printAlways("1380")],
  ["TTY", formatTerminal],
  ["STAT", printAlways("Ss")],
  ["START", formatStartTime],
  ["TIME", printAlways("0:00")],
  ["COMMAND", formatCommand],
];
/** The columns of `ps -o` by their names. */
const NAMED: ReadonlyMap<string, Column> = new Map<string, Column>([
  ["pid", ["PID", formatPid]],
  ["ppid", ["PPID", formatParentPid]],
  ["user", ["USER", formatUser]],
  ["uid", ["UID", (process) => String(process.user.uid)]],
  ["comm", ["COMMAND", ({ argv }) => (argv[0] ?? "").split("/").at(-1) ?? ""]],
  ["cmd", ["CMD", formatCommand]],
  ["args", ["COMMAND", formatCommand]],
  ["command", ["COMMAND", formatCommand]],
  ["tty", ["TT", formatTerminal]],
  ["stat", ["STAT", printAlways("Ss")]],
  ["time", ["TIME", printAlways("00:00:00")]],
  ["etime", ["ELAPSED", printAlways("00:00")]],
  ["rss", ["RSS", printAlways("1380")]],
  ["vsz", ["VSZ", printAlways("2268")]],
  ["%cpu", ["%CPU", printAlways("0.0")]],
  ["%mem", ["%MEM", printAlways("0.0")]],
]);

function parseColumns(words: string): readonly Column[] {
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
