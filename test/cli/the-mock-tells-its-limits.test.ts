import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { MockLimits } from "../../src/cli/mock-limits.ts";
import { type ServingVerb, startInProcess } from "./run-in-process.ts";

/** Requests of one session, and the line that the mock ends with. */
const SESSIONS: readonly {
  readonly what: string;
  readonly calls: readonly [string, object?][];
  readonly line: string;
}[] = [
  {
    what: "an image that is not there",
    calls: [["/v1.41/images/create?fromImage=docker.io%2Fmycorp%2Fapp&tag=1"]],
    line: "mock: there is no image `mycorp/app:1` here; --any-image lets every name be pulled, --image adds one\n",
  },
  {
    what: "a program that is not there",
    calls: [
      ["/v1.41/images/create?fromImage=busybox&tag=latest"],
      ["/v1.41/containers/create?name=web", { Image: "busybox", Cmd: ["rustc", "--version"] }],
      ["/v1.41/containers/web/start"],
    ],
    line: "mock: `busybox` has no program `rustc` here; --behaviours FILE says what it prints\n",
  },
  {
    what: "what a script runs that is not there, but not what it only looks for",
    calls: runScript("od -c x; env rustc; echo a | grep -P a; command -v tar; which tar; ./no-such-file; grep"),
    line:
      "mock: `busybox` has no program `od` here; --behaviours FILE says what it prints\n" +
      "mock: `busybox` has no program `rustc` here; --behaviours FILE says what it prints\n" +
      "mock: `grep` has no option `-P` here; --behaviours FILE says what it prints\n",
  },
  {
    what: "a long option that is not there",
    calls: runScript("ls --hyperlink=always"),
    line: "mock: `ls` has no option `--hyperlink` here; --behaviours FILE says what it prints\n",
  },
  {
    what: "a name that would act on a terminal",
    calls: runScript("'a\u001b[31mb'"),
    line: "mock: `busybox` has no program `a\\u001b[31mb` here; --behaviours FILE says what it prints\n",
  },
  { what: "what is simulated", calls: [["/v1.41/images/create?fromImage=busybox&tag=latest"]], line: "" },
];

/** The requests that run a script to its end. */
function runScript(script: string): readonly [string, object?][] {
  return [
    ["/v1.41/images/create?fromImage=busybox&tag=latest"],
    ["/v1.41/containers/create?name=web", { Image: "busybox", Cmd: ["sh", "-c", script] }],
    ["/v1.41/containers/web/start"],
    ["/v1.41/containers/web/wait"],
  ];
}

let mock: ServingVerb | undefined;
afterEach(async () => {
  await mock?.stop();
});

describe("a session with the mock ends with its limits", () => {
  test.each(SESSIONS)("$what", async ({ calls, line }) => {
    const running = await startInProcess("mock");
    mock = running;
    for (const [path, body] of calls) await post(running.socket, path, body);
    const { stderr } = await running.stop();
    expect(stderr.split("\n").slice(1).join("\n")).toBe(line);
  });
});

test("the image of a build has no name", () => {
  const limits = new MockLimits();
  limits.addFeature({ program: "od" }, `sha256:${"0".repeat(64)}`);
  expect(limits.format({ calls: [] })).toBe(
    "mock: an image without a name has no program `od` here; --behaviours FILE says what it prints\n",
  );
});

function post(socketPath: string, path: string, body?: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    const call = request({ socketPath, path, method: "POST", headers, agent: false }, (response) => {
      response.resume().on("end", () => resolve());
    });
    call.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
