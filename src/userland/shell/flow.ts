/** Ways out of a script that are not its end. */
export class LoopExit extends Error {
  levels: number;
  readonly goesOn: boolean;

  constructor(levels: number, goesOn: boolean) {
    super("a loop is left");
    this.levels = levels;
    this.goesOn = goesOn;
  }
}

export class FunctionReturn extends Error {
  readonly status: number;

  constructor(status: number) {
    super("a function returns");
    this.status = status;
  }
}

/** `exit`, or `set -e` that has seen a failure: the shell, or the subshell, is over. */
export class ShellExit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the shell exits with ${status}`);
    this.status = status;
  }
}
