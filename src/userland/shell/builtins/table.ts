/** What a shell does itself, because it changes the shell (POSIX, Shell Command Language, 2.14). */
import type { ShellBuiltin } from "../shell.ts";
import { describeCommands, runCommandBuiltin } from "./commands.ts";
import { breakLoop, continueLoop, evaluateWords, exitShell, returnFromFunction, runSource } from "./control.ts";
import { runExec } from "./exec.ts";
import { changeFolder } from "./folder.ts";
import { killProcesses, setTraps, waitForJobs } from "./jobs.ts";
import { changeUmask, printLimit, printTimes } from "./limits.ts";
import { readVariables } from "./read.ts";
import { evaluateLet, setOptions, shiftWords } from "./set.ts";
import { declareLocals, exportNames, protectNames, unsetNames } from "./variables.ts";

export const BUILTINS: ReadonlyMap<string, ShellBuiltin> = new Map<string, ShellBuiltin>([
  [":", () => 0],
  [".", runSource],
  ["source", runSource],
  ["break", breakLoop],
  ["continue", continueLoop],
  ["cd", changeFolder],
  ["command", runCommandBuiltin],
  ["type", describeCommands],
  ["eval", evaluateWords],
  ["exec", runExec],
  ["exit", exitShell],
  ["export", exportNames],
  ["readonly", protectNames],
  ["local", declareLocals],
  ["read", readVariables],
  ["return", returnFromFunction],
  ["set", setOptions],
  ["shift", shiftWords],
  ["times", printTimes],
  ["trap", setTraps],
  ["let", evaluateLet],
  ["umask", changeUmask],
  ["ulimit", printLimit],
  ["unset", unsetNames],
  ["wait", waitForJobs],
  ["kill", killProcesses],
]);
