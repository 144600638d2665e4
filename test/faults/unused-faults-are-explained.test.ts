import { describe, expect, test } from "vitest";
import { Faulty } from "../playbook/faulty.ts";
import { NO_CONTENT, request } from "../playbook/http.ts";

const START = "POST /v1.41/containers/web/start";
const RESTART = "POST /v1.41/containers/web/restart";
const LIST = "GET /v1.41/containers/json";

/** What is said of a fault with these selectors once these requests have come. */
async function explain(selectors: string, lines: readonly string[], chances: readonly number[] = []) {
  const faulty = new Faulty(`# one\n- {${selectors}answer: {status: 503}}`, NO_CONTENT);
  faulty.chances.push(...chances);
  await send(faulty, lines);
  return faulty.faults.unused;
}

async function send(faulty: Faulty, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const client = faulty.client();
    await client.sends(request(line));
    await client.closesItsHalf();
    await client.hearsAll();
  }
}

describe("a fault for which no request came", () => {
  test.each([
    ["on: ContainerStart, ", [LIST], "no request matched `on: ContainerStart`; the nearest was `ContainerList`"],
    ["on: ContainerStart, ", [RESTART], "no request matched `on: ContainerStart`; the nearest was `ContainerRestart`"],
    ["on: SystemPing, ", [START], "no request matched `on: SystemPing`"],
    ["on: SystemPing, ", [], "no request matched `on: SystemPing`"],
    [
      'on: "POST /container/*/start", ',
      [START],
      "no request matched `on: POST /container/*/start`; the nearest was `POST /containers/web/start`",
    ],
    [
      "on: GET /v1.41/containers/json, ",
      [LIST],
      "no request matched `on: GET /v1.41/containers/json`; the nearest was `GET /containers/json`",
    ],
    ["", [], "no request came"],
    ["on: ContainerStart, name: wbe, ", [START], "no request matched `name: wbe`; `ContainerStart` came for `web`"],
    ["on: ContainerStart, name: db, ", [START], "no request matched `name: db`; `ContainerStart` came for `web`"],
    [
      "name: db, ",
      [`POST /v1.41/containers/${"a1".repeat(32)}/start?name=web`],
      "no request matched `name: db`; requests came for `web`, `a1a1a1a1a1a1`",
    ],
    ["name: db, ", [START], "no request matched `name: db`; requests came for `web`"],
    ["on: ContainerList, name: db, ", [LIST], "no request matched `name: db`"],
    ["on: ContainerStart, nth: 3-4, ", [START], "`nth: 3-4` never came: 1 request matched the rest"],
    ["nth: 3, ", [START, LIST], "`nth: 3` never came: 2 requests matched the rest"],
  ] as const)("{%s} after %j: %s", async (selectors, lines, reason) => {
    expect(await explain(selectors, lines)).toEqual([`faults.yaml:2  ${reason}`]);
  });
});

describe("nothing is said of a fault", () => {
  test.each([
    ["that was applied", "on: ContainerStart, ", [START], []],
    ["that chance spared", "on: ContainerStart, probability: 0.5, ", [START], [0.9]],
  ] as const)("%s", async (_what, selectors, lines, chances) => {
    expect(await explain(selectors, lines, chances)).toEqual([]);
  });

  test("that was applied before its counts began anew", async () => {
    const faulty = new Faulty("- {on: ContainerStart, answer: {status: 503}}", NO_CONTENT);
    await send(faulty, [START]);
    faulty.faults.rewind();
    expect(faulty.faults.state).toMatchObject([{ matched: 0, applied: 0 }]);
    expect(faulty.faults.unused).toEqual([]);
  });
});

test("a fault that was removed before it was used is unused", async () => {
  const faulty = new Faulty("- {on: ContainerStart, answer: {status: 503}}", NO_CONTENT);
  faulty.faults.clear();
  await send(faulty, [START]);
  expect(faulty.faults.unused).toEqual(["faults.yaml:1  no request matched `on: ContainerStart`"]);
});
