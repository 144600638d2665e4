import { expect, test } from "vitest";
import { parseBehaviours } from "../../../src/mock/runtime/behaviours/parse-behaviours.ts";

const ERRORS: readonly (readonly [yaml: string, expected: string])[] = [
  ["a: b", "b.yaml:1:1  `behaviours` must be a list of behaviours, got a map"],
  ["- does: x", "b.yaml:1:3  a behaviour must say whose it is: `image`, `container` or `command`"],
  ["- image: x\n  dose: y", "b.yaml:2:3  unknown key `dose` in a behaviour (did you mean `does`?)"],
  ["- image: x\n  does:\n    - wait: 3", "b.yaml:3:13  `wait` must be a duration like `412ms`, got `3`"],
  ["- image: x\n  does:\n    - {wait: 3s, stdout: a}", "b.yaml:3:7  a step is one thing: a text, or a map of one key"],
  ["- image: x\n  exit: 300", "b.yaml:2:9  `exit` must be a number from 0 to 255, got `300`"],
  ["- image: x\n  signals: {NOSUCH: 1}", "b.yaml:2:21  `NOSUCH` is no signal; write it like `TERM`"],
  ["- image: x\n  health: sick", "b.yaml:2:11  unknown `health`: `sick`"],
  ["- image: x\n  ports: {http: echo}", "b.yaml:2:17  `http` is no port; expected a number from 1 to 65535"],
  ["- image: x\n  ports: {80: shout}", "b.yaml:2:15  unknown `80`: `shout`"],
  [
    "- image: x\n  ports: {80: {http: {/a: {}, b: {}}}}",
    "b.yaml:2:34  `b` is no path; expected one like `/health`, or `*`",
  ],
  ["- image: 'x", "b.yaml:1:10  the quote that opens here is never closed"],
];

test.each(ERRORS)("%j", (yaml, expected) => {
  let message = "";
  try {
    parseBehaviours(yaml, "b.yaml");
  } catch (error) {
    expect(error).toMatchObject({ name: "UsageError", code: "WHALESONG_BAD_BEHAVIOURS" });
    message = (error as Error).message;
  }
  expect(message.split("\n")[0]).toContain(expected);
});
