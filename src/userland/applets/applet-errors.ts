/** How applets end early: with a complaint, or with their usage. */
import { toBaseName } from "../files/path.ts";
import type { Process, Program } from "../process/process.ts";
import { USAGE, USAGE_STATUS } from "./usage.ts";

const BANNER = "BusyBox v1.35.0 multi-call binary.";

/** Ends an applet with a complaint: `head: invalid number 'x'`. */
export class AppletError extends Error {
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.name = new.target.name;
    this.status = status;
  }
}

/** Ends an applet with its usage, and with what is wrong with its command line. */
export class WrongUsage extends AppletError {}

/** Ends an applet with its usage, because of an option that it does not have. */
export class UnknownOption extends WrongUsage {
  readonly option: string;

  /** @param option as it would stand alone: `-P`, `--perl-regexp` */
  constructor(message: string, option: string) {
    super(message);
    this.option = option;
  }
}

/** Runs an applet. Its command line is wrong where it throws a `WrongUsage`; `--help` alone shows its usage. */
export function withUsage(program: Program): Program {
  return async (self) => {
    const name = toBaseName(self.argv[0] ?? "");
    const usage = USAGE[name];
    const isHelp = self.argv.length === 2 && self.argv[1] === "--help";
    try {
      if (isHelp && usage !== undefined) throw new WrongUsage("");
      return await program(self);
    } catch (error) {
      if (!(error instanceof AppletError)) throw error;
      if (error.message !== "") await self.writeStderr(`${name}: ${error.message}\n`);
      if (error instanceof UnknownOption) self.table.reportMissing({ program: name, option: error.option });
      if (!(error instanceof WrongUsage)) return error.status;
      await self.writeStderr(`${BANNER}\n\nUsage: ${usage ?? name}\n`);
      return isHelp ? 0 : (USAGE_STATUS[name] ?? error.status);
    }
  };
}

/** @throws WrongUsage where fewer words, or more, stand in a command line */
export function expectWords(words: readonly string[], least: number, most: number = Number.POSITIVE_INFINITY): void {
  if (words.length < least || words.length > most) throw new WrongUsage("");
}

/** Complains, and lets the applet go on; its status is to be 1. */
export async function complain(self: Process, message: string): Promise<1> {
  await self.writeStderr(`${toBaseName(self.argv[0] ?? "")}: ${message}\n`);
  return 1;
}
