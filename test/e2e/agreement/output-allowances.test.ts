/** What differs from run to run of one and the same daemon is allowed, and nothing more. */
import { expect, test } from "vitest";
import type { Said } from "../cli-player.ts";
import { TODAY_ALLOWANCES } from "./cli-allowances.ts";
import { normalizeOutputs } from "./normalize-output.ts";

const keep = (line: string, stdout: string): readonly Said[] =>
  normalizeOutputs([{ line, status: 0, stdout, stderr: "" }], TODAY_ALLOWANCES);

test.each([
  ["docker container stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' nemo", "nemo 1.2MiB / 3GiB ", "\n"],
  ["docker stats --no-stream --format json nemo | tr , '\\n' | grep -v Perc", '"PIDs":"', '"}\n'],
])("a loop has one process or two: %s", (line, before, after) => {
  expect(keep(line, `${before}1${after}`)).toEqual(keep(line, `${before}2${after}`));
  expect(keep(line, `${before}1${after}`)).not.toEqual(keep(line, `${before}3${after}`));
});

test.each([4, 6])("the columns of `top` are as wide as the ids in them, %i digits", (digits) => {
  const top = (width: number, command: string): string =>
    `SERVICE  #   UID   ${"PID".padEnd(width)}  ${"PPID".padEnd(width)}  C   STIME   CMD\ndb       1   root  ${"9".repeat(width)}  ${"8".repeat(width)}  0   21:50   ${command}\n`;
  const line = "cd shop && docker compose top db";
  expect(keep(line, top(digits, "sh"))).toEqual(keep(line, top(5, "sh")));
  expect(keep(line, top(digits, "sh"))).not.toEqual(keep(line, top(5, "ash")));
});
