/** What ends a program wherever it is. */

/** Thrown inside a program to end it: by `exit`, or by a signal. */
export class ProcessEnd extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`ended with ${status}`);
    this.status = status;
  }
}

/** Thrown inside a program: it wants more memory than there is, and the kernel ends it. */
export class OutOfMemory extends Error {
  constructor() {
    super("ran out of memory");
  }
}

/** Thrown inside a program: it has used all the time of a core that it gets, and the kernel ends it (SIGXCPU). */
export class OutOfTime extends Error {
  constructor() {
    super("ran out of time");
  }
}

/** Thrown inside a program: there are as many processes as there may be. */
export class CannotFork extends Error {
  constructor() {
    super("can't fork: Resource temporarily unavailable");
  }
}

/** Thrown inside a program: it has called itself too often, and the kernel ends it. */
export class StackOverflow extends Error {
  constructor() {
    super("ran out of stack");
  }
}

/** JavaScript's own limit counts, too. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof StackOverflow || (error instanceof RangeError && error.message.includes("call stack"));
}
