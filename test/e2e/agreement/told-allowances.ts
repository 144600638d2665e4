/** Where a program may be told something else by the simulated daemon than by the real one: each with its reason. */
import type { Allowance } from "./said-alike.ts";

export const TOLD_ALLOWANCES: readonly Allowance[] = [
  {
    about: /^version/,
    reason: "the daemon at hand is its distribution's build",
    kept: () => "",
  },
  {
    about: /^inspect: {/,
    reason: "the distribution marks its versions",
    kept: (text) => text.replaceAll("20.10.24+dfsg1", "20.10.24"),
  },
  {
    about: /^pull: 500|^pull: 404/,
    reason: "there is no network to look for a registry in",
    kept: () => "",
  },
  {
    about: /^(images|events|top|once|first): |^{"status"/,
    reason: "times, ids of processes, and what was measured",
    kept: (text) => text.replace(/\d+(?=[,\]}"])/g, "<number>").replace(/\d\d:\d\d(?=")/g, "<time>"),
  },
  {
    about: /^(push|pull): \[/,
    reason: "who watches a layer's progress sees only the latest of it, and layers are pushed side by side",
    kept: withoutProgress,
  },
  {
    about: /^changes: /,
    reason: "overlay2 lists changes in the order of a file system's hashes",
    kept: (text) =>
      text
        .split(/[[\]{}]+,?/)
        .sort()
        .join("\n"),
  },
  {
    about: /^export: /,
    reason: "the number of busybox's commands",
    kept: () => "",
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
