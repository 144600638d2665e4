/** What a run of tests that replays answers outside of all cassettes: no daemon may. */
import { keepFromDaemon } from "../io/intercept/child-processes.ts";
import { guardAddresses } from "../io/intercept/intercept.ts";
import { type Mode, readMode, resolveMode } from "../modes/mode.ts";
import { writeError } from "../replay/write-error.ts";
import type { Call } from "../session/call.ts";
import { createDaemon } from "../session/daemon.ts";

const WAYS_OUT = `A hook? Give it a cassette of its own: \`beforeAll(() => useCassette("set-up.yaml", async () => { ... }))\`. Left behind by a test? Await it there. Meant for the real daemon? \`withoutInterception\` of \`whalesong/intercept\``;
const guards = new Set<() => Promise<void>>();

/** Whether requests outside of cassettes are refused in this process. */
export function isGuarded(): boolean {
  return guards.size > 0;
}

/**
 * Refuses Docker's addresses to what runs outside of a cassette, and to child processes, where the environment says that
 * nothing is recorded (`CI`, WHALESONG_MODE=replay).
 * @param mode the mode that the tests name, if they do: one that records or passes requests on lifts that
 * @returns the function that ends it
 */
export function guardRun(mode: Mode | undefined): () => Promise<void> {
  if (mode !== undefined && !isReplay(mode)) return releaseAll();
  return replaysOnly() ? addGuard() : async () => undefined;
}

function addGuard(): () => Promise<void> {
  const removeGuard = guardAddresses(createDaemon(refuseOutside));
  const freeChildren = keepFromDaemon();
  const release = async (): Promise<void> => {
    if (!guards.delete(release)) return;
    freeChildren();
    await removeGuard();
  };
  guards.add(release);
  return release;
}

function releaseAll(): () => Promise<void> {
  const released = Promise.all([...guards].map((release) => release()));
  return async () => void (await released);
}

function isReplay(mode: Mode): boolean {
  return resolveMode(mode, false) === "replay";
}

/** Each test says itself that the mode of the environment is none. */
function replaysOnly(): boolean {
  try {
    return isReplay(readMode(process.env));
  } catch {
    return false;
  }
}

async function refuseOutside(call: Call): Promise<boolean> {
  const { method, target } = call.head;
  const why = process.env.WHALESONG_MODE ? `WHALESONG_MODE is ${process.env.WHALESONG_MODE}` : "CI is set";
  const message = `${method} ${target} came outside of a test with a cassette, and no daemon may answer, because ${why}. ${WAYS_OUT} [WHALESONG_OUTSIDE_CASSETTE]`;
  await writeError(call, 501, "Not Implemented", message);
  return true;
}
