/** Builtins about processes and signals: `wait`, `kill`, `trap`. */
import { parseSignal, toSignalName } from "../../process/signals.ts";
import type { Shell } from "../shell.ts";

const LAST_SIGNAL = 64;
const BLUNT = 9;

export async function waitForJobs(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const bad = words.find((word) => !/^\d+$/.test(word));
  if (bad !== undefined) return shell.failWith(`wait: line 0: Illegal number: ${bad}`, 2);
  const jobs = words.map((word) => shell.jobs.find(({ pid }) => String(pid) === word));
  let status = 0;
  for (const job of words.length === 0 ? [...shell.jobs] : jobs) {
    status = job === undefined ? 127 : await shell.waitFor(job);
  }
  return words.length === 0 && status <= 128 ? 0 : status;
}

export async function killProcesses(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  if (words[0] === "-l") return listSignals(shell, words.slice(1));
  const [text, pids] = readSignal(words);
  const signal = text === "0" ? 0 : parseSignal(text);
  if (signal === undefined) return shell.failWith(`bad signal name '${text}'`, 1);
  if (pids.length === 0) return shell.failWith("you need to specify whom to kill", 1);
  let status = 0;
  for (const pid of pids) status = (await signalProcess(shell, pid, signal)) || status;
  return status;
}

/** `-s TERM`, `-TERM`, or TERM. */
function readSignal(words: readonly string[]): readonly [string, readonly string[]] {
  const [first = "", second = ""] = words;
  if (first === "-s") return [second, words.slice(2)];
  return /^-[A-Za-z0-9]/.test(first) ? [first.slice(1), words.slice(1)] : ["TERM", words];
}

async function signalProcess(shell: Shell, pid: string, signal: number): Promise<number> {
  if (!/^-?\d+$/.test(pid)) return shell.failWith(`invalid number '${pid}'`, 1);
  const target = shell.self.table.find(Number(pid));
  if (target === undefined) return shell.failWith(`can't kill pid ${pid}: No such process`, 1);
  const isRefused = shell.self.user.uid !== 0 && shell.self.user.uid !== target.user.uid;
  if (isRefused) return shell.failWith(`can't kill pid ${pid}: Operation not permitted`, 1);
  if (signal > 0 && !(target.pid === 1 && signal === BLUNT)) target.signal(toSignalName(signal));
  return 0;
}

async function listSignals(shell: Shell, words: readonly string[]): Promise<number> {
  const numbers = Array.from({ length: LAST_SIGNAL }, (_, at) => at + 1).filter(
    (at) => !/^\d+$/.test(toSignalName(at)),
  );
  const lines =
    words.length > 0 ? words.map(formatSignal) : numbers.map((at) => `${String(at).padStart(2)}) ${toSignalName(at)}`);
  await shell.self.writeStdout(lines.map((line) => `${line}\n`).join(""));
  return 0;
}

/** The name of a number, or of the status of a process that a signal has ended; the number of a name. */
function formatSignal(word: string): string {
  return /^\d+$/.test(word) ? toSignalName(Number(word) & 0x7f) : String(parseSignal(word) ?? word);
}

export async function setTraps(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const [action, ...signals] = words[0] === "--" ? words.slice(1) : words;
  if (action === undefined) return listTraps(shell);
  const isReset = action === "-" || signals.length === 0;
  let status = 0;
  for (const word of signals.length === 0 ? [action] : signals) {
    const name = word === "EXIT" || word === "0" ? "EXIT" : findSignalName(word);
    if (name === undefined) status = await shell.failWith(`trap: line 0: ${word}: invalid signal specification`, 1);
    else setTrap(shell, name, isReset ? undefined : action);
  }
  return status;
}

function findSignalName(word: string): string | undefined {
  const number = parseSignal(word);
  return number === undefined ? undefined : toSignalName(number);
}

function setTrap(shell: Shell, name: string, action: string | undefined): void {
  if (action === undefined) shell.traps.delete(name);
  else shell.traps.set(name, action);
  if (name !== "EXIT") shell.self.onSignal(name, action === undefined ? undefined : () => shell.noteSignal(name));
}

async function listTraps(shell: Shell): Promise<number> {
  const lines = [...shell.traps].map(([name, action]) => `trap -- '${action.replaceAll("'", `'"'"'`)}' ${name}\n`);
  await shell.self.writeStdout(lines.join(""));
  return 0;
}
