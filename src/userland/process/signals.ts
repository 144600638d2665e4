/** Signals as Linux numbers them on most machines (moby/sys/signal, signal_linux.go). */
const NAMES =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(
    " ",
  );
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...NAMES.map((name, index) => [name, index + 1] as const),
  ["CLD", 17],
  ["IOT", 6],
  ["POLL", 29],
  ["UNUSED", 31],
  ["RTMIN", 34],
  ["RTMAX", 64],
  ...Array.from({ length: 15 }, (_, n) => [`RTMIN+${n + 1}`, 35 + n] as const),
  ...Array.from({ length: 14 }, (_, n) => [`RTMAX-${n + 1}`, 63 - n] as const),
]);

/** Without `SIG`: `TERM`. */
export type SignalName = string;

/** Signals that end no process by default: they are ignored, or stop and continue, which only freezing a container does here. */
const HARMLESS: ReadonlySet<string> = new Set(["CHLD", "URG", "WINCH", "CONT", "STOP", "TSTP", "TTIN", "TTOU"]);

/** The number of `SIGTERM`, `term` or `15`; undefined if it is no signal. */
export function parseSignal(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) > 0 && Number(text) <= 64 ? Number(text) : undefined;
  return NUMBERS.get(text.toUpperCase().replace(/^SIG/, ""));
}

export function toSignalName(number: number): SignalName {
  return NAMES[number - 1] ?? [...NUMBERS].find(([, value]) => value === number)?.[0] ?? String(number);
}

export function isFatalByDefault(name: SignalName): boolean {
  return !HARMLESS.has(name);
}
