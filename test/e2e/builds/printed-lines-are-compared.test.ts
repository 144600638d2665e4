/** What differs from run to run of one and the same build is set aside, and nothing more. */
import { expect, test } from "vitest";
import { toComparableLines } from "./printed-lines.ts";

const LAYER = `sha256:${"0a".repeat(32)}`;
const END = [`#5 ${LAYER} 1.05MB / 1.05MB 0.2s done`, `#5 extracting ${LAYER} 0.1s done`, "#5 DONE 0.4s"];

test.each([
  ["a layer that is pulled", [`#5 ${LAYER} 0B / 1.05MB`, `#5 ${LAYER} 0.52MB / 1.05MB 0.1s`]],
  ["a layer that is unpacked", [`#5 extracting ${LAYER}`, `#5 extracting ${LAYER} 0.1s`]],
  ["a context that is sent", ["#5 transferring context: 1.2kB 0.1s"]],
])("%s is printed as often as the client's clock ticks", (_what, underWay) => {
  expect(toComparableLines([...underWay, ...END].join("\n"))).toEqual(toComparableLines(END.join("\n")));
});

test.each([
  ["size", END.with(0, `#5 ${LAYER} 1.06MB / 1.06MB 0.2s done`)],
  ["layer", END.with(1, `#5 extracting sha256:${"0b".repeat(32)} 0.1s done`)],
  ["outcome", END.with(2, "#5 CANCELED")],
])("another %s is another print", (_what, other) => {
  expect(toComparableLines(other.join("\n"))).not.toEqual(toComparableLines(END.join("\n")));
});
