/** Where a program may be told something else by the simulated daemon than by the real one: each with its reason. */
import type { OutputAllowance } from "./normalize-output.ts";

export const PROGRAM_ALLOWANCES: readonly OutputAllowance[] = [
  {
    about: /^version/,
    reason: "the daemon at hand is its distribution's build",
    keeps: () => "",
  },
  {
    about: /^inspect: {/,
    reason: "the distribution marks its versions",
    keeps: (text) => text.replaceAll("20.10.24+dfsg1", "20.10.24"),
  },
  {
    about: /^pull: 500|^pull: 404/,
    reason: "there is no network to look for a registry in",
    keeps: () => "",
  },
  {
    about: /^(images|events|top|once|first): |^{"status"/,
    reason: "times, ids of processes, and what was measured",
    // The time first: its minute is a number, too, and the hour would be left.
    keeps: (text) => text.replace(/\b\d\d:\d\d(?=")/g, "<time>").replace(/\d+(?=[,\]}"])/g, "<number>"),
  },
  {
    about: /^(push|pull): \[/,
    reason: "who watches a layer's progress sees only the latest of it, and layers are pushed side by side",
    keeps: withoutProgress,
  },
  {
    about: /^changes: /,
    reason: "overlay2 lists changes in the order of a file system's hashes",
    keeps: (text) =>
      text
        .split(/[[\]{}]+,?/)
        .sort()
        .join("\n"),
  },
  {
    about: /^export: /,
    reason: "the number of busybox's commands",
    keeps: () => "",
  },
];

function withoutProgress(text: string): string {
  return text
    .split(/(?<=}),(?={)/)
    .filter((message) => !/"status":"(Downloading|Extracting|Pushing|Verifying)/.test(message))
    .map((message) => message.replace(/]$/, ""))
    .sort()
    .join("\n");
}
