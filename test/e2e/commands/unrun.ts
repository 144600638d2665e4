/** Commands of the docs that no test runs, each with the reason. A line that no page needs any more is an error. */

export interface UnrunCommand {
  readonly page: RegExp;
  readonly line: RegExp;
  readonly reason: string;
}

const REGISTRY = "asks a registry: what it installs is linked; `npm run package:projects` installs the packed package";
const JEST = "jest is no dependency of this repository: `npm run package:projects` runs it, with the packed package";

export const UNRUN: readonly UnrunCommand[] = [
  { page: /./, line: /^npm (?:install|ci$)/, reason: REGISTRY },
  { page: /guides\/python/, line: /^(?:python3 -m venv|pip install) /, reason: REGISTRY },
  { page: /guides\/node/, line: /npx jest/, reason: JEST },
  {
    page: /guides\/testcontainers/,
    line: /npx vitest run/,
    reason: "testcontainers is no dependency of this repository: second-run.test.ts installs it, and runs more of it",
  },
  {
    page: /./,
    line: /^docker pull busybox$/,
    reason: "the tests' daemon reaches no registry that has it; it is loaded",
  },
  { page: /README/, line: /^npx whalesong /, reason: "run by readme.test.ts, which also compares what is printed" },
  { page: /README/, line: /^npm ci && npm /, reason: "run by .ci/run, in a clone" },
  {
    page: /docs\/ci/,
    line: /^git (?:add --all|diff --cached)/,
    reason: "looks for what has changed since a commit: test/cli/the-recipe-sees-new-recordings.test.ts makes one",
  },
  {
    page: /docs\/ci/,
    line: /^npx whalesong verify test\/compose\.yaml/,
    reason: "the page has no such cassette: verify.test.ts verifies others",
  },
  {
    page: /docs\/ci/,
    line: /^docker compose up --abort-on-container-exit$/,
    reason: "its daemon is an image of whalesong beside the job: test/e2e/image.test.ts runs that",
  },
];
