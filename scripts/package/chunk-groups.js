/**
 * Which modules share a chunk. By itself rolldown makes one for each set of modules that the same doors reach, 50 for a
 * replay; to find, read and check a file takes 0.2 ms. What a replay needs until its socket is ready lies in five.
 */

/**
 * @typedef {{ importedIds: readonly string[] }} ModuleInfo
 * @typedef {(id: string) => ModuleInfo | null} GetModuleInfo
 * @typedef {{ command: readonly string[], replay: readonly string[], library: readonly string[], mock: readonly string[] }} Doors
 *   ids of modules: what each verb loads; the verb `replay`; the library; what simulates a daemon and replays nothing
 */

/** A group takes what its modules import with them, unless a group before it has that already. */
const NAMES = ["base", "replayer", "command", "replay-verb"];

/**
 * @param {Doors} doors
 * @returns `groups` of rolldown
 */
export function groupChunks(doors) {
  /** @type {((id: string) => string | undefined) | undefined} */
  let choose;
  return NAMES.map((chunk, at) => ({
    debugName: chunk,
    minSize: 0,
    priority: NAMES.length - at,
    name: (/** @type {string} */ id, /** @type {{ getModuleInfo: GetModuleInfo }} */ context) => {
      choose ??= chooseBy(doors, (other) => context.getModuleInfo(other));
      return choose(id) === chunk ? chunk : null;
    },
  }));
}

/**
 * @param {Doors} doors
 * @param {GetModuleInfo} getModuleInfo
 */
function chooseBy(doors, getModuleInfo) {
  const [command, replay, library, mock] = [doors.command, doors.replay, doors.library, doors.mock].map((ids) =>
    findReached(ids, getModuleInfo),
  );
  return (/** @type {string} */ id) => {
    if (!command.has(id) && !replay.has(id)) return undefined;
    if (library.has(id)) return mock.has(id) ? "base" : "replayer";
    return command.has(id) ? "command" : "replay-verb";
  };
}

/**
 * @param {readonly string[]} entries
 * @param {GetModuleInfo} getModuleInfo
 */
function findReached(entries, getModuleInfo) {
  /** @type {Set<string>} */
  const reached = new Set();
  const open = [...entries];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...(getModuleInfo(id)?.importedIds ?? []));
  }
  return reached;
}
