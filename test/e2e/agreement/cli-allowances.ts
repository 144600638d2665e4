/** Where the simulated daemon's docker CLI may print something else than the real one's: each with its reason. */
import type { OutputAllowance } from "./normalize-output.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's lines are made of them
const DRAWN_AGAIN = /\r\/ # [^\r\n\x1b]*\x1b\[J/g;

export const CLI_ALLOWANCES: readonly OutputAllowance[] = [
  {
    about: /^docker version$/,
    reason: "the daemon at hand is its distribution's build, which refuses old versions",
    keeps: (text) =>
      text
        .replace(/^( +(?:Version|Go version|Built|Git ?[Cc]ommit):).*$/gm, "$1")
        .replace(/minimum version [\d.]+/, ""),
  },
  {
    about: /^docker (system info|info|image inspect) /,
    reason: "the distribution marks its versions",
    keeps: (text) => text.replace(/\b(\d+\.\d+\.\d+)\+dfsg\d+/g, "$1"),
  },
  {
    about: /^ *drive --pty /m,
    reason: "the distribution marks its busybox, too",
    keeps: (text) => text.replace(/^(BusyBox v[\d.]+) \(Debian .*?\)/gm, "$1"),
  },
  {
    about: /^ *drive --pty /m,
    reason:
      "a prompt is drawn again when its window is resized, with what has been typed by then (busybox libbb/lineedit.c, redraw); a window's signal interrupts some calls and not others",
    keeps: (text) => text.replaceAll(DRAWN_AGAIN, "").replaceAll(/^stty: standard input: .*\r\n/gm, ""),
  },
  {
    about: /^docker (inspect|top) web/,
    reason: "ids of processes are ids, and how busy one is is a time",
    keeps: (text) =>
      text.replace(/("Pid": )\d+/, "$1<pid>").replace(/^(root +)?\d+ +(\d+ +\d+ +)?(.*sleep)/gm, "$1<pid> $3"),
  },
  {
    about: /^docker top web$/,
    reason: "a time of the day",
    keeps: (text) => text.replace(/\d\d:\d\d {15}/, "<time>"),
  },
  {
    about: /^docker diff /,
    reason: "overlay2 lists changes in the order of a file system's hashes",
    keeps: sortLines,
  },
  {
    about: /^docker save .*\| docker load/,
    reason: "Go tells images of one archive in a map's order",
    keeps: sortLines,
  },
  {
    about: /^docker (image )?push/,
    reason: "layers are pushed side by side",
    keeps: sortLines,
  },
  {
    about: /^docker (pull|run --rm) \$R|^drive .* docker pull/,
    reason: "who watches a layer's progress sees only the latest of it",
    keeps: (text) =>
      text
        .replace(/^<id \d+>: (Verifying Checksum|Download complete)\n/gm, "")
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's bar is made of them
        .replace(/\x1b\[1A\x1b\[2K\r<id \d+>: (Download|Extracting|Verifying)[^\x1b]*\x1b\[1B/g, ""),
  },
  {
    about: /^docker rmi busybox$/,
    reason: "one of several containers, in a map's order",
    erases: /container [0-9a-f]{12} is/,
    keeps: (text) => text,
  },
];

/** The same lines in any order. */
function sortLines(text: string): string {
  return text.split("\n").sort().join("\n");
}

/** Where the mock as Engine 28 may print something else than Engine 28.5. */
export const ENGINE_28_ALLOWANCES: readonly OutputAllowance[] = [
  {
    about: /^docker ((container|network) )?inspect /,
    reason: "Engine 28 draws MAC addresses at random",
    keeps: (text) => text.replace(/("MacAddress": ?)"[\da-f]{2}(:[\da-f]{2}){5}"/g, "$1<mac>"),
  },
];

/** Where the mock may have today's clients print something else than Engine 28.5 has. */
export const TODAY_ALLOWANCES: readonly OutputAllowance[] = [
  {
    about: /^docker (image ls --tree|system df)/,
    reason: "a column is as wide as its widest size, images of one second have any order, the cache takes no space",
    erases: /\b[0-9a-f]{12}\b/g,
    keeps: (text) => sortLines(withoutBuildCache(text).replace(/ {2,}/g, "  ")),
  },
  {
    about: /top (nemo|db)/,
    reason: "ids of processes are ids, columns are as wide as they, and the children of a loop come and go",
    keeps: (text) =>
      text
        .replace(/ {2,}/g, "  ")
        .replace(/^(db +1 +root +|)\d+ +(\d+ +\d+ +\S+ +)?/gm, "$1<pid> ")
        .split("\n")
        .slice(0, 2)
        .join("\n"),
  },
  {
    about: /^docker (container )?stats .* nemo\b/,
    reason: "a loop over `sleep` has a child, but for the moment between two of them",
    keeps: (text) => text.replace(/("PIDs":"|<size> )[12](?="|$)/gm, "$1<1 or 2>"),
  },
  {
    about: /^docker container diff /,
    reason: "dockerd compares the members of a folder in any order (moby pkg/archive/changes.go ranges over a map)",
    keeps: sortLines,
  },
  {
    about: /--network container:nemo busybox hostname -i$/,
    reason:
      "dockerd joins two networks in any order (moby daemon/container_operations.go), and either address may come first",
    keeps: (text) => text.replace(/^(10\.78\.0\.7|172\.18\.0\.2)$/m, "<an address>"),
  },
  {
    about: /^docker events /,
    reason: "how long a container has run is a time",
    keeps: (text) => text.replace(/("execDuration":")\d+/g, "$1<time>"),
  },
  {
    about: /^docker build -f app\/Failing/,
    reason: "the excerpt of a step's log says when a line was printed",
    keeps: (text) => text.replace(/^\d+\.\d+ /gm, "<time> "),
  },
  {
    about: /^docker buildx (ls|inspect)$/,
    reason: "platforms depend on the processor, and what the cache may take on the disk",
    keeps: (text) =>
      text.replace(/\(\+\d\)|, linux\/amd64\/v\d|^(GC| (All|Filters|Keep|Max|Min|Reserved|org)|Labels).*\n?/gm, ""),
  },
  {
    about: /^docker (buildx du|builder prune)/,
    reason: "the simulated cache of builds takes no space, and so has no records",
    keeps: () => "",
  },
  {
    about: / bake$| --push /,
    reason: "what is done side by side has the order of its ids",
    erases: /(sha256:|pushing layer )[0-9a-f]+/g,
    keeps: (text) => text,
  },
  {
    about: /^docker image inspect/,
    reason: "BuildKit draws the names of layers' folders as it draws its own ids",
    erases: /overlay2\/\w+/g,
    keeps: (text) => text,
  },
  {
    about: /^docker (image rm|image prune|system prune)/,
    reason: "a layer that the cache of builds holds, too, is deleted with the cache",
    erases: /^deleted: sha256:.*\n/gim,
    keeps: (text) => sortLines(withoutBuildCache(text)),
  },
];

function withoutBuildCache(text: string): string {
  return text
    .replace(/^Build Cache .*\n/gm, "")
    .replace(/^Build cache usage: [\s\S]*$/m, "")
    .replace(/^Deleted build cache objects:\n([a-z0-9]{25}\n)+\n/m, "");
}
