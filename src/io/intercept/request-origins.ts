/** Where in the program an intercepted request was made, for the report of one that is not recorded. */

/** Tests rarely make more before the one that matters; older ones are forgotten. */
const KEPT = 200;
const FRAMES = 30;

export interface RequestLike {
  readonly method?: string;
  readonly path?: string;
}

/** The latest requests through one interception. */
export class RequestOrigins {
  readonly #origins: { readonly method: string; readonly path: string; readonly error: Error }[] = [];

  /** To be called by the code that the program calls, so that its frames are on the stack. */
  note({ method = "", path = "" }: RequestLike): void {
    this.#origins.push({ method, path, error: captureStack() });
    if (this.#origins.length > KEPT) this.#origins.shift();
  }

  /** The frames of the program for the latest such request; the query counts only if several differ in it. */
  find(method: string, target: string): readonly string[] {
    const like = this.#origins.filter((one) => one.method === method && toPath(one.path) === toPath(target));
    const found = like.findLast(({ path }) => path === target) ?? like.at(-1);
    return found === undefined ? [] : listProgramFrames(found.error);
  }
}

/** The stack of the caller. It becomes text only when it is read. */
export function captureStack(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const error = new Error();
  Error.stackTraceLimit = limit;
  return error;
}

/** The lines of a stack that are the program's own: not of this package, of Node or of other packages. */
export function listProgramFrames({ stack = "" }: Error): readonly string[] {
  const [, own = "", ...frames] = stack.split("\n");
  return frames.filter((frame) => isFrameOfProgram(frame, getFolder(own)));
}

function toPath(target: string): string {
  return target.split("?")[0] as string;
}

/** The folder of this package's code, whose frames say nothing: the first frame is in it. */
function getFolder(frame: string): string | undefined {
  return /[/\\].*[/\\](?:dist|src|build)[/\\]/.exec(frame)?.[0];
}

function isFrameOfProgram(frame: string, own: string | undefined): boolean {
  const isFile = /[/\\].*:\d+:\d+/.test(frame) && !/\bnode:|[/\\]node_modules[/\\]/.test(frame);
  return isFile && (own === undefined || !frame.includes(own));
}
