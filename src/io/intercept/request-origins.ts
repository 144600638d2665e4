/** Where in the program an intercepted request was made, for the report of one that is not recorded. */

/** Tests rarely make more before the one that matters; older ones are forgotten. */
const KEPT = 200;
const FRAMES = 30;
/**
 * The stacks that are kept of one and the same GET. A replay gives its last answer again and again, so a poll this long is
 * not missed any more; to capture its stack costs as much as the request.
 */
const KEPT_OF_A_READ = 16;
const MOST_READS = 512;
/** The folder of this package's code, whose frames say nothing. */
const OWN_FOLDER = findOwnFolder(new Error());

export interface RequestLike {
  readonly method?: string;
  readonly path?: string;
}

/** The latest requests through one interception. */
export class RequestOrigins {
  readonly #origins: { readonly method: string; readonly path: string; readonly error: Error }[] = [];
  /** How often each GET was noted. */
  readonly #reads = new Map<string, number>();

  /** To be called by the code that the program calls, so that its frames are on the stack. */
  note({ method = "", path = "" }: RequestLike): void {
    if (method === "GET" && this.#isPolled(path)) return;
    this.#origins.push({ method, path, error: captureStack() });
    if (this.#origins.length > KEPT) this.#origins.shift();
  }

  #isPolled(path: string): boolean {
    const count = this.#reads.get(path) ?? 0;
    if (count === KEPT_OF_A_READ) return true;
    if (this.#reads.size >= MOST_READS) this.#reads.clear();
    this.#reads.set(path, count + 1);
    return false;
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
  return stack.split("\n").filter((line) => /^\s*at /.test(line) && isFrameOfProgram(line));
}

/** The stack of an error that happened at other frames. */
export function formatProgramStack({ name, message }: Error, frames: readonly string[]): string {
  return [`${name}: ${message}`, ...frames].join("\n");
}

function toPath(target: string): string {
  return target.split("?")[0] as string;
}

function findOwnFolder({ stack = "" }: Error): string | undefined {
  // Frames of ES modules are URLs, with more slashes.
  const [, frame = ""] = stack.split("\n");
  return /[/\\](?![/\\]).*[/\\](?:dist|src|build)[/\\]/.exec(frame)?.[0];
}

function isFrameOfProgram(frame: string): boolean {
  const isFile = /[/\\].*:\d+:\d+/.test(frame) && !/\bnode:|[/\\]node_modules[/\\]/.test(frame);
  return isFile && (OWN_FOLDER === undefined || !frame.includes(OWN_FOLDER));
}
